import type { Acr } from '../domain/authentication.ts'
import type { Notify, Occasion } from '../domain/mail/mail-event.ts'
import type { Flows, OpenFlow } from '../domain/oauth/flow.ts'
import type { OwnPage } from '../domain/oauth/own-pages.ts'
import type { BegunSso } from '../domain/sessions/sso-session.ts'
import type { BeginStepUp, FindStep } from '../domain/sign-in/find-step.ts'
import type { Incomplete, LogIn, Progress } from '../domain/sign-in/log-in.ts'
import type { Prove } from '../domain/sign-in/prove.ts'
import type { TypedCode } from '../domain/sign-in/verify-code.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import type { ReadSourceAddress } from '../http/api/source-address.ts'
import { signInCookies } from '../http/pages/cookies.ts'
import { flowResponse } from '../http/pages/flow-response.ts'
import type { OpenFlowDependencies } from '../http/pages/open-flow.ts'
import { redirect } from '../http/pages/page.ts'

/** The steps of a sign-in in one flow; at its end the browser has a session. */
type Steps = {
  readonly logIn: LogIn<BegunSso>
  readonly prove: Prove<TypedCode, BegunSso>
  /** @throws Unavailable where nobody took the request. */
  readonly mailFactorCode: (incomplete: Incomplete, occasion: Occasion) => Promise<void>
  readonly findStep: FindStep
  readonly beginStepUp: BeginStepUp
}

export type SignInDependencies = OpenFlowDependencies & {
  /** The pages of ours that a sign-in may lead to. */
  readonly ownPages: readonly OwnPage[]
  readonly flows: Pick<Flows, 'open' | 'find' | 'forgetAcr'>
  /** The steps in a flow; `formerToken` is what the browser's cookie held before. */
  readonly stepsOf: (flowId: string, formerToken: string | undefined) => Steps
  readonly notify: Notify
  readonly hashForLog: (name: string) => string
  readonly readAddress: ReadSourceAddress
}

/** How far a sign-in has come: on to the second factor, or into the flow with a session. */
export async function progressResponse(
  flow: OpenFlow,
  progress: Progress<BegunSso>,
  logged: Partial<Audit>,
  { context, cookies, continueFlow }: SignInDependencies,
): Promise<ApiResponse> {
  const { sub } = progress.account
  const about = { outcome: 'success', sub, client_id: flow.client.id, ...logged } as const
  if ('authSession' in progress) {
    const audit = {
      event: 'authn_factor_needed',
      ...about,
      reason: progress.next.kind === 'enrol' ? 'enrolment' : 'proof',
    }
    const page = progress.next.kind === 'enrol' ? enrolmentOf : factorOf
    return redirect(page(flow, progress.authSession), audit)
  }
  const { started, account } = progress
  const step = await continueFlow({
    flow,
    signedIn: { sso: started.session, account },
    reachable: reachableBy(started),
  })
  const set = signInCookies(cookies, progress)
  return flowResponse(context, flow, step, { event: 'authn_login_success', ...about }, set)
}

// A person with a second factor was asked for it just now.
const reachableBy = ({ session }: BegunSso): Acr => (session.amr.includes('mfa') ? 'mfa' : 'pwd')

/** The addresses of the pages of a step. */
export const factorOf = ({ token }: OpenFlow, step: string): string => `/sign-in/factor?flow=${token}&step=${step}`
export const enrolmentOf = ({ token }: OpenFlow, step: string): string => `/sign-in/enrol?flow=${token}&step=${step}`
