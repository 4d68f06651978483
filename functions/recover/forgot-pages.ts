import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { canonicalIdentifier } from '../domain/accounts/identifier.ts'
import { handleOf } from '../domain/codes/code.ts'
import type { Codes } from '../domain/codes/codes.ts'
import { readPassword } from '../domain/passwords/password.ts'
import type { Handler } from '../http/api/endpoint.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import { type Cookies, createCookies } from '../http/pages/cookies.ts'
import { donePage, noTicketPage, refusal, ticketLifetime } from '../http/pages/mailed-code-page.ts'
import { byRoute, type Form, takeOwnForm } from '../http/pages/own-form.ts'
import { redirect } from '../http/pages/page.ts'
import { createPages, type Pages } from '../http/pages/pages.ts'
import { readFlowToken, withFlow } from '../http/pages/parts/flow-link.ts'
import { rawQueryOf, readRequestParameters } from '../http/pages/query.ts'
import { type ForgotContext, forgotPage, newPasswordPage } from './forgot-page.ts'
import { identifierProblem, type NewPasswordFailure, newPasswordProblem } from './forgot-problem.ts'
import { ask, auditOf, confirm, type RecoverDependencies } from './steps.ts'

type Dependencies = RecoverDependencies & { readonly codes: Pick<Codes, 'open' | 'find'> }

type Parts = { readonly context: ForgotContext; readonly cookies: Cookies; readonly dependencies: Dependencies }

/** /forgot and /forgot/confirm: a code by mail, and a new password for it. They sign nobody in. */
export function createForgotPages(service: Omit<ForgotContext, 'texts'>, dependencies: Dependencies): Pages {
  const cookies = createCookies(service.issuer)
  return createPages(service, (context) => {
    const parts = { context, cookies, dependencies }
    return byRoute({
      'GET /forgot': show(parts),
      'POST /forgot': takeOwnForm(context, 'recovery_request', takeIdentifier(parts)),
      'GET /forgot/confirm': showConfirm(parts),
      'POST /forgot/confirm': takeOwnForm(context, 'authn_password_change_fail', takePassword(parts)),
    })
  })
}

const queryOf = (event: APIGatewayProxyEventV2) => readRequestParameters(rawQueryOf(event))?.values

const shown: Audit = { event: 'forgot_page', outcome: 'success' }

const failed = (event: string, reason: string): Audit => ({ event, outcome: 'failure', reason })

const show =
  ({ context }: Parts): Handler =>
  async (event) => {
    const query = queryOf(event)
    const flow = readFlowToken(query)
    const { passwordSet: title, passwordSetText: text } = context.texts
    return query?.has('done')
      ? donePage(context, { title, text, flow }, { ...shown, reason: 'done' })
      : forgotPage(context, { flow }, { audit: shown })
  }

type Take = (event: APIGatewayProxyEventV2, form: Form) => Promise<ApiResponse>

/** On to the next page for everyone, known or not. */
const takeIdentifier =
  ({ context, cookies, dependencies }: Parts): Take =>
  async (event, form) => {
    const flow = readFlowToken(form)
    const typed = form.get('username') ?? ''
    const username = canonicalIdentifier(typed)
    const question = {
      kind: 'ask',
      deviceToken: cookies.read(event, 'device'),
      uiLocales: context.texts.language,
    } as const
    const opened =
      username === undefined
        ? ({ ok: false, failure: { reason: 'malformed_username' } } as const)
        : await ask(event, { ...question, username }, dependencies)
    if (opened.ok) {
      const set = [cookies.set('forgot', opened.value.ticket, ticketLifetime)]
      return redirect(withFlow('/forgot/confirm', flow), { event: 'recovery_request', outcome: 'success' }, set)
    }
    const { problem, retryAfter } = identifierProblem(context, opened.failure)
    const audit = failed('recovery_request', opened.failure.reason)
    return forgotPage(context, { flow, username: typed, problem }, { ...refusal(retryAfter), audit })
  }

/** Shows the name that the code was asked for: for password managers, and so that people notice a typing error. */
const showConfirm =
  ({ context, cookies, dependencies: { codes } }: Parts): Handler =>
  async (event) => {
    const flow = readFlowToken(queryOf(event))
    const ticket = cookies.read(event, 'forgot')
    const found = ticket === undefined ? undefined : await codes.find('recover', handleOf(ticket))
    return found
      ? newPasswordPage(context, { flow, username: found.payload.identifier }, { audit: shown })
      : noTicketPage(context, '/forgot', flow, failed('forgot_page', 'no_ticket'))
  }

const event = 'authn_password_change_fail'

/** A password that is refused leaves the code good for another. */
const takePassword =
  ({ context, cookies, dependencies }: Parts): Take =>
  async (request, form) => {
    const flow = readFlowToken(form)
    const ticket = cookies.read(request, 'forgot')
    if (ticket === undefined) return noTicketPage(context, '/forgot', flow, failed(event, 'no_ticket'))
    const next = readPassword(form.get('password') ?? '')
    const code = form.get('code') ?? ''
    const recovered =
      next === undefined
        ? ({ ok: false, failure: { reason: 'malformed_new_password' } } as const)
        : await confirm(request, { kind: 'confirm', ticket, code, next }, dependencies, context.texts.language)
    if (recovered.ok)
      return redirect(withFlow('/forgot?done=1', flow), auditOf(recovered.value), [cookies.clear('forgot')])
    return refused(context, form, recovered.failure)
  }

function refused(context: ForgotContext, form: Form, failure: NewPasswordFailure): ApiResponse {
  const { problem, retryAfter } = newPasswordProblem(context, failure)
  const again = { flow: readFlowToken(form), username: form.get('username') ?? '', problem }
  return newPasswordPage(context, again, { ...refusal(retryAfter), audit: failed(event, failure.reason) })
}
