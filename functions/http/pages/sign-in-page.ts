import type { ApiResponse, Audit } from '../api/response.ts'
import { type PageContext, pageResponse } from './page.ts'
import { maxPasswordUnits } from './parts/field.ts'
import { markup } from './parts/html.ts'
import { passkeyScript } from './parts/passkey-script.ts'
import { withNames } from './parts/with-names.ts'

export type SignInContext = PageContext & {
  readonly hasPasskeys: boolean
  /** Whether there is /sign-up. */
  readonly hasSignUp: boolean
  /** Whether there is /forgot. */
  readonly hasForgot: boolean
}

type SignIn = {
  /** What the page holds of the flow. */
  readonly flow: string
  readonly client: string
  /** What stands in the field already. */
  readonly username?: string | undefined
  /** Whether "keep me signed in" is ticked already. */
  readonly isKept?: boolean
  readonly problem?: string | undefined
}

type Given = {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly cookies?: readonly string[]
  readonly audit: Audit
}

/** The page that asks for a name and a password, or a passkey. */
export function signInPage(context: SignInContext, signIn: SignIn, { headers, ...given }: Given): ApiResponse {
  const { texts, hasPasskeys, hasSignUp, hasForgot } = context
  const { flow, client, username = '', isKept = false, problem } = signIn
  const hint = problem === undefined ? '' : markup` aria-describedby="problem" aria-invalid="true"`
  const body = markup`<p class="soft">${withNames(texts.toContinueTo, client)}</p>
${problem === undefined ? '' : markup`<p role="alert" id="problem">${problem}</p>`}
<form method="post" action="/sign-in">
<input type="hidden" name="flow" value="${flow}">
<label for="username">${texts.username}</label>
<input id="username" name="username" value="${username}" autocomplete="username${hasPasskeys ? ' webauthn' : ''}" autocapitalize="none" spellcheck="false" maxlength="256" required${username === '' ? ' autofocus' : ''}${hint}>
<label for="password">${texts.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="${maxPasswordUnits}" required${username === '' ? '' : ' autofocus'}${hint}>
<label class="choice"><input type="checkbox" id="keep" name="keep"${isKept ? ' checked' : ''}> ${texts.keepSignedIn}</label>
<button>${texts.signIn}</button>
</form>
${hasPasskeys ? passkeyButton({ flow, label: texts.usePasskey, problem: texts.wrongPasskey }) : ''}
${hasForgot ? markup`<p><a href="/forgot?flow=${flow}">${texts.forgot}</a></p>` : ''}
${hasSignUp ? markup`<p><a href="/sign-up?flow=${flow}">${texts.signUp}</a></p>` : ''}`
  const page = { title: texts.signIn, body, endsAtClient: true, ...(hasPasskeys && { script: passkeyScript }) }
  return pageResponse(context, page, { ...given, ...(headers && { headers }) })
}

type Button = { readonly flow: string; readonly step?: string; readonly label: string; readonly problem: string }

/** Hidden until the script finds that the browser knows passkeys. */
export const passkeyButton = ({ flow, step, label, problem }: Button) =>
  markup`<p role="alert" id="passkey-problem" hidden>${problem}</p>
<button type="button" class="second" id="passkey" data-flow="${flow}"${step === undefined ? '' : markup` data-step="${step}"`} hidden>${label}</button>`
