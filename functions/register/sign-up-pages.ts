import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Account } from '../domain/accounts/account.ts'
import type { Handler } from '../http/api/endpoint.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import { type Cookies, createCookies } from '../http/pages/cookies.ts'
import { donePage, noTicketPage, refusal, ticketLifetime } from '../http/pages/mailed-code-page.ts'
import { byRoute, type Form, takeOwnForm } from '../http/pages/own-form.ts'
import { redirect } from '../http/pages/page.ts'
import { createPages, type Pages } from '../http/pages/pages.ts'
import { readFlowToken, withFlow } from '../http/pages/parts/flow-link.ts'
import { rawQueryOf, readRequestParameters } from '../http/pages/query.ts'
import { readCode, readNameAndPassword, readRegistration } from './request.ts'
import { confirmPage, type SignUpContext, signUpPage } from './sign-up-page.ts'
import { codeProblem, type FormFailure, formProblem } from './sign-up-problem.ts'
import { ask, confirm, type MailedRegisterDependencies, type RegisterDependencies, register } from './steps.ts'

type Service = Omit<SignUpContext, 'texts' | 'withMail'>

/** /sign-up: a new account at once; with mail by a code that is typed on /sign-up/confirm. It signs nobody in. */
export function createSignUpPages(
  service: Service,
  dependencies: RegisterDependencies | MailedRegisterDependencies,
): Pages {
  return 'createAccount' in dependencies
    ? createPages({ ...service, withMail: false }, (context) => byRoute(plainRoutes(context, dependencies)))
    : createPages({ ...service, withMail: true }, (context) => byRoute(mailedRoutes(context, dependencies)))
}

type Routes = Readonly<Record<string, Handler>>

const plainRoutes = (context: SignUpContext, dependencies: RegisterDependencies): Routes => ({
  'GET /sign-up': show(context),
  'POST /sign-up': takeOwnForm(context, 'user_created', async (event, form) => {
    const request = readNameAndPassword(Object.fromEntries(form))
    const account = request.ok ? await register(event, request.value, dependencies) : request
    return account.ok
      ? signedUp(account.value, form)
      : again(context, form, account.failure, failed('user_created', account.failure.reason))
  }),
})

function mailedRoutes(context: SignUpContext, dependencies: MailedRegisterDependencies): Routes {
  const cookies = createCookies(context.issuer)
  return {
    'GET /sign-up': show(context),
    'POST /sign-up': takeOwnForm(context, 'registration_request', async (event, form) => {
      const request = readRegistration(identifiersIn(form))
      const uiLocales = context.texts.language
      const opened = request.ok ? await ask(event, { kind: 'ask', ...request.value, uiLocales }, dependencies) : request
      if (!opened.ok) return again(context, form, opened.failure, failed('registration_request', opened.failure.reason))
      const set = [cookies.set('signUp', opened.value.ticket, ticketLifetime)]
      const audit = { event: 'registration_request', outcome: 'success' } as const
      return redirect(withFlow('/sign-up/confirm', readFlowToken(form)), audit, set)
    }),
    'GET /sign-up/confirm': async (event) => {
      const flow = readFlowToken(queryOf(event))
      if (cookies.read(event, 'signUp') === undefined)
        return noTicketPage(context, '/sign-up', flow, failed('sign_up_page', 'no_ticket'))
      return confirmPage(context, { flow }, { audit: shown })
    },
    'POST /sign-up/confirm': takeOwnForm(context, 'user_created', (event, form) =>
      takeCode(event, form, { context, cookies, dependencies }),
    ),
  }
}

const queryOf = (event: APIGatewayProxyEventV2) => readRequestParameters(rawQueryOf(event))?.values

const shown: Audit = { event: 'sign_up_page', outcome: 'success' }

const failed = (event: string, reason: string): Audit => ({ event, outcome: 'failure', reason })

const show =
  (context: SignUpContext): Handler =>
  async (event) => {
    const query = queryOf(event)
    const flow = readFlowToken(query)
    const { signedUp: title, signedUpText: text } = context.texts
    return query?.has('done')
      ? donePage(context, { title, text, flow }, { ...shown, reason: 'done' })
      : signUpPage(context, { flow }, { audit: shown })
  }

/** With an optional name: without one the account is called by its address. */
function identifiersIn(form: Form): Readonly<Record<string, string>> {
  const { username, email = '', password = '' } = Object.fromEntries(form)
  return username === undefined ? { username: email, password } : { username, email, password }
}

const signedUp = ({ sub }: Account, form: Form, cookies: readonly string[] = []): ApiResponse =>
  redirect(
    withFlow('/sign-up?done=1', readFlowToken(form)),
    { event: 'user_created', outcome: 'success', sub },
    cookies,
  )

/** The page again, with all that was typed but the password. */
function again(context: SignUpContext, form: Form, failure: FormFailure, audit: Audit): ApiResponse {
  const { problem, retryAfter } = formProblem(context, failure, form.has('username'))
  const typed = { flow: readFlowToken(form), username: form.get('username'), email: form.get('email'), problem }
  return signUpPage(context, typed, { ...refusal(retryAfter), audit })
}

type Confirming = {
  readonly context: SignUpContext
  readonly cookies: Cookies
  readonly dependencies: MailedRegisterDependencies
}

/** With another name where the one of the registration was taken meanwhile. */
async function takeCode(
  event: APIGatewayProxyEventV2,
  form: Form,
  { context, cookies, dependencies }: Confirming,
): Promise<ApiResponse> {
  const ticket = cookies.read(event, 'signUp')
  const flow = readFlowToken(form)
  if (ticket === undefined) return noTicketPage(context, '/sign-up', flow, failed('user_created', 'no_ticket'))
  const typed = form.get('username')
  const name = typed === undefined ? {} : { username: typed }
  const request = readCode({ ticket, code: form.get('code') ?? '', ...name })
  const account = request.ok ? await confirm(event, request.value, dependencies) : request
  if (account.ok) return signedUp(account.value, form, [cookies.clear('signUp')])
  const { problem, retryAfter } = codeProblem(context, account.failure)
  const asked = { flow, problem, ...(problem.field === 'username' ? { username: '' } : {}), ...name }
  return confirmPage(context, asked, { ...refusal(retryAfter), audit: failed('user_created', account.failure.reason) })
}
