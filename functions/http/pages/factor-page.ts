import type { ApiResponse, Audit } from '../api/response.ts'
import { type PageContext, pageResponse } from './page.ts'
import { type Markup, markup } from './parts/html.ts'
import { passkeyScript } from './parts/passkey-script.ts'
import { passkeyButton } from './sign-in-page.ts'
import type { Texts } from './texts/texts.ts'

/** What can be typed. */
type CodeKind = 'totp' | 'recovery_code' | 'email_code'

type Factor = {
  readonly flow: string
  /** What the page holds of the auth session. */
  readonly step: string
  readonly factors: readonly (CodeKind | 'passkey')[]
  readonly problem?: string | undefined
  /** What was tried last, and is shown again. */
  readonly tried?: CodeKind | undefined
}

type Given = {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly audit: Audit
}

/** The page that asks for a second factor: any one of those that the account has. */
export function factorPage(context: PageContext, factor: Factor, { headers, ...given }: Given): ApiResponse {
  const { texts } = context
  const { flow, step, factors, problem, tried } = factor
  const kinds = (['totp', 'email_code', 'recovery_code'] as const).filter((kind) => factors.includes(kind))
  const [first, ...others] = kinds
  const hasPasskey = factors.includes('passkey')
  const button = { flow, step, label: texts.usePasskeyNow, problem: texts.wrongPasskey }
  const body = markup`${problem === undefined ? '' : markup`<p role="alert" id="problem">${problem}</p>`}
${hasPasskey ? passkeyButton(button) : ''}
${first === undefined ? markup`<noscript><p>${texts.needsScript}</p></noscript>` : codeForm(texts, factor, first, tried === undefined ? !hasPasskey : tried === first)}
${others.map((kind) => markup`<details${tried === kind ? ' open' : ''}><summary>${otherLabel(texts, kind)}</summary>${codeForm(texts, factor, kind, tried === kind)}</details>`)}
<p><a href="/sign-in?flow=${flow}">${texts.notYou}</a></p>`
  const page = { title: texts.secondFactor, body, endsAtClient: true, ...(hasPasskey && { script: passkeyScript }) }
  return pageResponse(context, page, { ...given, ...(headers && { headers }) })
}

const otherLabel = (texts: Texts, kind: CodeKind): string =>
  kind === 'recovery_code' ? texts.useRecoveryCode : labelOf(texts, kind)

const labelOf = (texts: Texts, kind: CodeKind): string =>
  ({ totp: texts.totp, recovery_code: texts.recoveryCode, email_code: texts.emailCode })[kind]

function codeForm(texts: Texts, { flow, step, tried }: Factor, kind: CodeKind, hasFocus: boolean): Markup {
  const digits = kind === 'recovery_code' ? '' : markup` inputmode="numeric"`
  const hint = tried === kind ? markup` aria-describedby="problem" aria-invalid="true"` : ''
  return markup`<form method="post" action="/sign-in/factor">
<input type="hidden" name="flow" value="${flow}">
<input type="hidden" name="step" value="${step}">
<input type="hidden" name="kind" value="${kind}">
<label for="${kind}">${labelOf(texts, kind)}</label>
<input id="${kind}" name="code" autocomplete="${kind === 'recovery_code' ? 'off' : 'one-time-code'}"${digits} autocapitalize="none" spellcheck="false" maxlength="64" required${hasFocus ? ' autofocus' : ''}${hint}>
<button>${texts.confirm}</button>
</form>`
}
