import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { changedAddresses } from '../domain/accounts/account.ts'
import type { ConfirmAddress } from '../domain/accounts/confirm-address.ts'
import type { Clock } from '../domain/clock.ts'
import type { Codes, WrongCode } from '../domain/codes/codes.ts'
import type { Notify, RequestCode } from '../domain/mail/mail-event.ts'
import type { SignedIn } from '../domain/oauth/continue-flow.ts'
import { readEnteredPassword } from '../domain/passwords/password.ts'
import type { BrowserCaller, FindLiveSso, LiveSessionFailure, LiveSso } from '../domain/sessions/live-session.ts'
import type { OwnerFailure, VerifyOwner } from '../domain/sign-in/verify-owner.ts'
import type { Handler } from '../http/api/endpoint.ts'
import { occasionOf } from '../http/api/occasion.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import type { ReadSourceAddress } from '../http/api/source-address.ts'
import {
  accountField,
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
import { readMailAddress } from './request.ts'

type EmailPageDependencies = Omit<OwnPageDependencies, 'context'> & {
  readonly service: Omit<OwnPageContext, 'texts'>
  readonly verifyOwner: VerifyOwner<BrowserCaller, LiveSso>
  readonly codes: Pick<Codes, 'open'>
  readonly requestCode: RequestCode
  readonly findLiveSso: FindLiveSso
  readonly confirmAddress: ConfirmAddress
  readonly notify: Notify
  readonly readAddress: ReadSourceAddress
  readonly clock: Clock
}

type Localised = EmailPageDependencies & { readonly context: OwnPageContext }

const path = '/account/email'
const confirmPath = `${path}/confirm`

// As long as the code is good, in seconds.
const ticketAge = 600

/** GET and POST /account/email and /account/email/confirm: POST /email and /email/confirm, on pages. */
export const createEmailPages = (dependencies: EmailPageDependencies): Pages =>
  createPages(dependencies.service, (context) => {
    const localised = { ...dependencies, context }
    const handlers: ReadonlyMap<string, Handler> = new Map([
      [`GET ${path}`, (event) => show(event, localised)],
      [`POST ${path}`, (event) => ask(event, localised)],
      [`GET ${confirmPath}`, (event) => showConfirm(event, localised)],
      [`POST ${confirmPath}`, (event) => confirm(event, localised)],
    ])
    return async (event) => {
      const handle = handlers.get(event.routeKey)
      if (!handle) throw new Error(`Unhandled route ${event.routeKey}.`)
      return handle(event)
    }
  })

async function show(event: APIGatewayProxyEventV2, dependencies: Localised): Promise<ApiResponse> {
  const visitor = await readVisitor(event, path, dependencies)
  if (!visitor.ok) return visitor.failure
  const audit = { event: 'email_page', outcome: 'success', sub: visitor.value.account.sub } as const
  return askPage(dependencies.context, visitor.value, { typed: '', problem: undefined }, { audit })
}

/** The response is the same for every address, and so are the calls: another function looks it up, and mails it. */
async function ask(event: APIGatewayProxyEventV2, dependencies: Localised): Promise<ApiResponse> {
  const { context, cookies, verifyOwner, codes, requestCode, readAddress, clock } = dependencies
  const asked = await readOwnForm(event, path, dependencies)
  if (!asked.ok) return asked.failure
  const { signedIn, form } = asked.value
  const { sub } = signedIn.account
  const typed = form.get('email') ?? ''
  const address = readMailAddress(typed)
  const entered = readEnteredPassword(form.get('password') ?? '')
  if (address === undefined) return again(context, signedIn, typed, { reason: 'malformed_email' })
  if (!entered) return again(context, signedIn, typed, { reason: 'malformed_password' })

  const source = readAddress(event)
  const claim = { sub, sso: signedIn.sso, current: entered.password, sent: entered.sent, address: source }
  const owner = await verifyOwner(claim)
  if (!owner.ok) return again(context, signedIn, typed, owner.failure)
  const { ticket, handle } = await codes.open('email', { sub, epoch: owner.value.epoch, address })
  const occasion = occasionOf(event, source, clock, context.texts.language)
  await requestCode({ kind: 'code', purpose: 'email', ...handle, ...occasion })

  const audit = { event: 'address_change_request', outcome: 'success', sub } as const
  return redirect(confirmPath, audit, [cookies.set('email', ticket, ticketAge)])
}

async function showConfirm(event: APIGatewayProxyEventV2, dependencies: Localised): Promise<ApiResponse> {
  const { context, cookies } = dependencies
  const visitor = await readVisitor(event, path, dependencies)
  if (!visitor.ok) return visitor.failure
  const { sub } = visitor.value.account
  if (cookies.read(event, 'email') === undefined) return withoutTicket(sub)
  return confirmPage(context, visitor.value, undefined, { audit: { event: 'email_page', outcome: 'success', sub } })
}

async function confirm(event: APIGatewayProxyEventV2, dependencies: Localised): Promise<ApiResponse> {
  const { context, cookies, findLiveSso, confirmAddress, notify, readAddress, clock } = dependencies
  const asked = await readOwnForm(event, path, dependencies)
  if (!asked.ok) return asked.failure
  const { signedIn, form } = asked.value
  const { sub } = signedIn.account
  const [ticket, code] = [cookies.read(event, 'email'), form.get('code')]
  if (ticket === undefined) return withoutTicket(sub)
  if (code === undefined) return wrongCode(context, signedIn, { reason: 'malformed_member' })
  const live = await findLiveSso(signedIn.sso)
  if (!live.ok) return wrongCode(context, signedIn, live.failure)
  const confirmed = await confirmAddress({ sub, ticket, code })
  if (!confirmed.ok) return wrongCode(context, signedIn, confirmed.failure)

  const occasion = occasionOf(event, readAddress(event), clock, context.texts.language)
  const addresses = changedAddresses(confirmed.value)
  const told = await Promise.all(addresses.map((to) => notify({ kind: 'addressChanged', sub, to, ...occasion })))
  const lost = told.find(({ notice }) => notice)
  const audit: Audit = { event: 'user_updated', outcome: 'success', reason: 'address', sub, ...lost }
  // The page of the account shows the new address.
  return redirect('/account', audit, [cookies.clear('email')])
}

/** Asked for too long ago, or in another browser. */
const withoutTicket = (sub: string): ApiResponse =>
  redirect(path, { event: 'user_updated', outcome: 'failure', reason: 'malformed_member', sub })

type Failure = OwnerFailure | { readonly reason: 'malformed_email' | 'malformed_password' }

/** The page again with the address, or the sign-in where nobody is signed in any more. Logged as POST /email logs it. */
function again(context: OwnPageContext, signedIn: SignedIn, typed: string, failure: Failure): ApiResponse {
  const { texts } = context
  const event = 'retryAfter' in failure ? 'authn_login_lock' : 'address_change_request'
  const audit: Audit = { event, outcome: 'failure', reason: failure.reason, sub: signedIn.account.sub }
  const show = (name: string, text: string, headers?: Readonly<Record<string, string>>) =>
    askPage(
      context,
      signedIn,
      { typed, problem: { field: name, text } },
      { status: headers ? 429 : 400, audit, ...(headers && { headers }) },
    )
  switch (failure.reason) {
    case 'account_locked':
    case 'address_limited':
      return show('password', texts.tooManyAttempts(failure.retryAfter), { 'retry-after': String(failure.retryAfter) })
    case 'malformed_email':
      return show('email', texts.changeEmailMalformed)
    case 'malformed_password':
    case 'wrong_password':
      return show('password', texts.changeEmailWrong)
    default:
      return redirect(`/sign-in?to=${path}`, audit)
  }
}

type CodeFailure = WrongCode | LiveSessionFailure | { readonly reason: 'malformed_member' }

function wrongCode(context: OwnPageContext, signedIn: SignedIn, { reason }: CodeFailure): ApiResponse {
  const audit: Audit = { event: 'user_updated', outcome: 'failure', reason, sub: signedIn.account.sub }
  if (reason !== 'wrong_code' && reason !== 'malformed_member') return redirect(`/sign-in?to=${path}`, audit)
  const problem = { field: 'code', text: context.texts.changeEmailWrongCode }
  return confirmPage(context, signedIn, problem, { status: 400, audit })
}

type Given = Parameters<typeof ownPage>[2]
type Shown = { readonly typed: string; readonly problem: Problem | undefined }

function askPage(context: OwnPageContext, signedIn: SignedIn, { typed, problem }: Shown, given: Given): ApiResponse {
  const { texts } = context
  const email = { name: 'email', label: texts.changeEmailNew, type: 'email', value: typed.slice(0, 256) } as const
  const password = { name: 'password', label: texts.changeEmailPassword, type: 'password' } as const
  const fields = [
    { ...email, autocomplete: 'email' },
    { ...password, autocomplete: 'current-password' },
  ]
  const body = markup`${identity(texts, signedIn)}
<p>${texts.changeEmailText}</p>
${problemText(problem)}
<form method="post" action="${path}">
${ownerFields(signedIn)}
${fieldsOf(fields, problem)}
<button>${texts.changeEmailSend}</button>
</form>`
  return ownPage(context, { title: texts.accountEmail, body }, given)
}

function confirmPage(
  context: OwnPageContext,
  signedIn: SignedIn,
  problem: Problem | undefined,
  given: Given,
): ApiResponse {
  const { texts } = context
  const code = { name: 'code', label: texts.mailedCode, autocomplete: 'one-time-code', isNumeric: true }
  const body = markup`<p>${texts.changeEmailConfirmText}</p>
${problemText(problem)}
<form method="post" action="${confirmPath}">
${accountField(signedIn)}
${fieldsOf([code], problem)}
<button>${texts.confirm}</button>
</form>
<p><a href="${path}">${texts.changeEmailAgain}</a></p>`
  return ownPage(context, { title: texts.changeEmailConfirm, body }, given)
}
