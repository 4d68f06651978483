import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Clock } from '../domain/clock.ts'
import type { Notify } from '../domain/mail/mail-event.ts'
import type { SignedIn } from '../domain/oauth/continue-flow.ts'
import { readEnteredPassword, readPassword } from '../domain/passwords/password.ts'
import type { PasswordStore } from '../domain/passwords/password-store.ts'
import type { BrowserCaller } from '../domain/sessions/live-session.ts'
import type { BegunSso } from '../domain/sessions/sso-session.ts'
import type { ChangePassword, ChangePasswordFailure } from '../domain/sign-in/password/change-password.ts'
import { occasionOf } from '../http/api/occasion.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import type { ReadSourceAddress } from '../http/api/source-address.ts'
import {
  identity,
  type OwnPageContext,
  type OwnPageDependencies,
  ownerFields,
  ownPage,
  readOwnForm,
  readVisitor,
} from '../http/pages/own-page.ts'
import { redirect } from '../http/pages/page.ts'
import { createPages, type Pages } from '../http/pages/pages.ts'
import { fieldsOf, type Problem, problemText } from '../http/pages/parts/field.ts'
import { markup } from '../http/pages/parts/html.ts'
import { passwordProblem } from '../http/pages/parts/password-problem.ts'
import { rawQueryOf } from '../http/pages/query.ts'

type Service = Omit<OwnPageContext, 'texts'> & {
  readonly minimumLength: number
  /** Whether a code by mail can set a password. */
  readonly hasMail: boolean
}

type PasswordPageDependencies = Omit<OwnPageDependencies, 'context'> & {
  readonly service: Service
  readonly passwords: Pick<PasswordStore, 'findHash'>
  readonly changePassword: ChangePassword<BrowserCaller, BegunSso>
  readonly notify: Notify
  readonly readAddress: ReadSourceAddress
  readonly clock: Clock
}

type Localised = PasswordPageDependencies & { readonly context: OwnPageContext & Service }

const path = '/account/password'

/** GET and POST /account/password: POST /password, on a page. */
export const createPasswordPages = (dependencies: PasswordPageDependencies): Pages =>
  createPages(dependencies.service, (context) => async (event) => {
    const localised = { ...dependencies, context }
    return event.routeKey === `GET ${path}` ? show(event, localised) : change(event, localised)
  })

async function show(event: APIGatewayProxyEventV2, dependencies: Localised): Promise<ApiResponse> {
  const { context, passwords, clock } = dependencies
  const visitor = await readVisitor(event, path, dependencies)
  if (!visitor.ok) return visitor.failure
  const { account, sso } = visitor.value
  const audit = { event: 'password_page', outcome: 'success', sub: account.sub } as const
  if ((await passwords.findHash(account.sub)) === undefined) return withoutPassword(context, audit)
  // Only right after it, so that nobody is told so by a link.
  const isDone = rawQueryOf(event) === 'done' && clock() - sso.createdAt < 60
  return isDone ? donePage(context, audit) : formPage(context, visitor.value, undefined, { audit })
}

async function change(event: APIGatewayProxyEventV2, dependencies: Localised): Promise<ApiResponse> {
  const { context, cookies, changePassword, notify, readAddress, clock } = dependencies
  const { texts, minimumLength } = context
  const asked = await readOwnForm(event, path, dependencies)
  if (!asked.ok) return asked.failure
  const { signedIn, form } = asked.value
  const { sub } = signedIn.account
  const current = readEnteredPassword(form.get('current') ?? '')
  const next = readPassword(form.get('new') ?? '')
  if (!current) return again(context, signedIn, { reason: 'malformed_current_password' })
  if (!next) return again(context, signedIn, { reason: 'malformed_new_password', min: minimumLength })

  const address = readAddress(event)
  let told: Pick<Audit, 'notice'> = {}
  const claim = { sub, sso: signedIn.sso, current: current.password, sent: current.sent, next, address }
  const changed = await changePassword(claim, async () => {
    told = await notify({ kind: 'passwordChanged', sub, ...occasionOf(event, address, clock, texts.language) })
  })
  if (!changed.ok) return again(context, signedIn, changed.failure)

  const { token, maxAge } = changed.value
  const audit = { event: 'authn_password_change', outcome: 'success', sub, ...told } as const
  return redirect(`${path}?done`, audit, [cookies.set('sso', token, maxAge)])
}

type Failure =
  | ChangePasswordFailure
  | { readonly reason: 'malformed_current_password' }
  | { readonly reason: 'malformed_new_password'; readonly min: number }

/** The page again, or the sign-in where nobody is signed in any more. Logged as POST /password logs it. */
function again(context: Localised['context'], signedIn: SignedIn, failure: Failure): ApiResponse {
  const { texts } = context
  const retryAfter = 'retryAfter' in failure ? failure.retryAfter : undefined
  const event = retryAfter === undefined ? 'authn_password_change_fail' : 'authn_login_lock'
  const audit: Audit = { event, outcome: 'failure', reason: failure.reason, sub: signedIn.account.sub }
  const show = (name: string, text: string) =>
    formPage(context, signedIn, { field: name, text }, { status: 400, audit })
  switch (failure.reason) {
    case 'account_locked':
    case 'address_limited': {
      const problem = { field: 'current', text: texts.tooManyAttempts(failure.retryAfter) }
      const headers = { 'retry-after': String(failure.retryAfter) }
      return formPage(context, signedIn, problem, { status: 429, headers, audit })
    }
    case 'malformed_current_password':
    case 'wrong_password':
    case 'changed_meanwhile':
      return show('current', texts.changePasswordWrong)
    case 'malformed_new_password':
      return show('new', texts.passwordLength(failure.min))
    case 'user_disabled':
    case 'user_gone':
    case 'unknown_session':
    case 'session_expired':
    case 'session_ended':
    case 'third_party':
    case 'factor_needed':
      return redirect(`/sign-in?to=${path}`, audit)
    default:
      return show('new', passwordProblem(texts, failure))
  }
}

type Given = Parameters<typeof ownPage>[2]

function formPage(
  context: Localised['context'],
  signedIn: SignedIn,
  problem: Problem | undefined,
  given: Given,
): ApiResponse {
  const { texts, minimumLength } = context
  const current = { name: 'current', label: texts.changePasswordCurrent, autocomplete: 'current-password' }
  const next = {
    name: 'new',
    label: texts.newPassword,
    autocomplete: 'new-password',
    hint: texts.passwordHint(minimumLength),
  }
  const fields = [current, next].map((each) => ({ ...each, type: 'password' as const }))
  const body = markup`${identity(texts, signedIn)}
<p>${texts.changePasswordText}</p>
${problemText(problem)}
<form method="post" action="${path}">
${ownerFields(signedIn)}
${fieldsOf(fields, problem)}
<button>${texts.accountPassword}</button>
</form>`
  return ownPage(context, { title: texts.accountPassword, body }, given)
}

const donePage = (context: OwnPageContext, audit: Audit): ApiResponse =>
  ownPage(
    context,
    { title: context.texts.accountPassword, body: markup`<p role="status">${context.texts.changePasswordDone}</p>` },
    { audit },
  )

function withoutPassword(context: Localised['context'], audit: Audit): ApiResponse {
  const { texts, hasMail } = context
  const body = hasMail
    ? markup`<p>${texts.changePasswordNone}</p><p><a href="/forgot">${texts.changePasswordForgot}</a></p>`
    : markup`<p>${texts.changePasswordAsk}</p>`
  return ownPage(context, { title: texts.accountPassword, body }, { audit })
}
