import type { FlowStep } from '../../domain/oauth/continue-flow.ts'
import type { Flow } from '../../domain/oauth/flow.ts'
import type { ApiResponse, Audit } from '../api/response.ts'
import { authorizationResponse } from './authorization-response.ts'
import { badRequestPage } from './error-page.ts'
import { type PageContext, redirect } from './page.ts'

export type FlowContext = PageContext & { readonly issuer: string }

/** The response to a step of a flow: on to the next page, or back to the client. */
export function flowResponse(
  context: FlowContext,
  { token, request }: Pick<Flow, 'request'> & { readonly token: string },
  step: FlowStep,
  audit: Audit,
  cookies: readonly string[] = [],
): ApiResponse {
  switch (step.kind) {
    case 'sign_in':
      return redirect(`/sign-in?flow=${token}`, audit, cookies)
    case 'step_up':
      return redirect(`/sign-in/factor?flow=${token}`, audit, cookies)
    case 'consent':
      return redirect(`/consent?flow=${token}`, audit, cookies)
    case 'page':
      return redirect(step.page, audit, cookies)
    case 'code':
      return authorizationResponse(context, request, step, audit, cookies)
    case 'refused':
      return badRequestPage(context, audit)
    case 'error':
      return authorizationResponse(context, request, step.error, audit, cookies)
  }
}
