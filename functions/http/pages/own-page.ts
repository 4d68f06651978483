import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { addressOf, usernameOf } from '../../domain/accounts/account.ts'
import type { FindSignedIn, SignedIn } from '../../domain/oauth/continue-flow.ts'
import type { OwnPage } from '../../domain/oauth/own-pages.ts'
import { fail, type Result, succeed } from '../../domain/result.ts'
import type { SsoSessions } from '../../domain/sessions/sso-session.ts'
import type { ApiResponse, Audit } from '../api/response.ts'
import type { Cookies } from './cookies.ts'
import { crossSitePage } from './error-page.ts'
import { type PageContext, pageResponse, redirect } from './page.ts'
import { type Markup, markup } from './parts/html.ts'
import { readFields } from './query.ts'
import { isSameOrigin } from './same-origin.ts'
import type { Texts } from './texts/texts.ts'

export type OwnPageContext = PageContext & { readonly issuer: string }

export type OwnPageDependencies = {
  readonly context: OwnPageContext
  readonly cookies: Cookies
  readonly sso: Pick<SsoSessions, 'find'>
  readonly findSignedIn: FindSignedIn
}

/** A form of a page of ours, and who is signed in. */
export type OwnForm = { readonly signedIn: SignedIn; readonly form: ReadonlyMap<string, string> }

/** Who is signed in in the browser that asks for a page; else the response that leads through the sign-in to it. */
export async function readVisitor(
  event: APIGatewayProxyEventV2,
  page: OwnPage,
  { cookies, sso, findSignedIn }: OwnPageDependencies,
): Promise<Result<SignedIn, ApiResponse>> {
  const signedIn = await findSignedIn(await sso.find(cookies.read(event, 'sso')))
  return signedIn ? succeed(signedIn) : fail(signInFor(page, 'sign_in'))
}

/**
 * What a form of a page of ours sends. One that was shown to somebody else, who was signed in in this browser before, does
 * nothing: the page is shown again.
 */
export async function readOwnForm(
  event: APIGatewayProxyEventV2,
  page: OwnPage,
  dependencies: OwnPageDependencies,
): Promise<Result<OwnForm, ApiResponse>> {
  const { context } = dependencies
  if (!isSameOrigin(event, context.issuer)) return fail(crossSitePage(context, failed('cross_site')))
  const visitor = await readVisitor(event, page, dependencies)
  if (!visitor.ok) return visitor
  const form = readFields(event)
  if (form.get('account') !== visitor.value.account.sub) return fail(redirect(page, failed('another_account')))
  return succeed({ signedIn: visitor.value, form })
}

/** To the sign-in, and then to a page of ours. */
export const signInFor = (page: OwnPage, reason: string): ApiResponse => redirect(`/sign-in?to=${page}`, failed(reason))

/** The field that names the account that a form was shown to. */
export const accountField = ({ account }: Pick<SignedIn, 'account'>): Markup =>
  markup`<input type="hidden" name="account" value="${account.sub}">`

/** The same, and the name for password managers, of a form that asks for the password. */
export const ownerFields = (signedIn: Pick<SignedIn, 'account'>): Markup =>
  markup`${accountField(signedIn)}
<input name="username" value="${usernameOf(signedIn.account)}" autocomplete="username" readonly hidden>`

/** Who is signed in, for people who have more than one account. */
export function identity(texts: Texts, { account }: Pick<SignedIn, 'account'>): Markup {
  const [username, address] = [usernameOf(account), addressOf(account)]
  const mail = address === undefined || address === username ? undefined : address
  return markup`<p>${texts.accountSignedInAs} <bdi>${username}</bdi>.${mail === undefined ? '' : markup` ${texts.accountAddress} <bdi>${mail}</bdi>.`}</p>`
}

type Shown = { readonly title: string; readonly body: Markup; readonly script?: string }
type Given = Parameters<typeof pageResponse>[2]

/** A page on which people see or change their account, with the way back to all of it. */
export const ownPage = (context: OwnPageContext, { body, ...shown }: Shown, given: Given): ApiResponse =>
  pageResponse(
    context,
    { ...shown, body: markup`${body}\n<p><a href="/account">${context.texts.yourAccount}</a></p>` },
    given,
  )

const failed = (reason: string): Audit => ({ event: 'account_page', outcome: 'failure', reason })
