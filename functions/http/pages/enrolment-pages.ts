import { literal, type Markup, markup } from './html.ts'
import type { Texts } from './texts/texts.ts'

// The parts of pages that someone with a session and someone in the course of a sign-in see alike.

type NewApp = {
  readonly secret: string
  /** An SVG image of ours. */
  readonly qr: string
  /** Where its form goes, and the hidden fields that it needs there. */
  readonly action: string
  readonly fields: Markup
  readonly problem?: string | undefined
}

/** What an authenticator app is set up with. The form has the secret too, so that the page can be shown again after a wrong code. */
export const newAppBody = (texts: Texts, { secret, qr, action, fields, problem }: NewApp): Markup =>
  markup`<p>${texts.scanCode}</p>
<div class="qr" role="img" aria-label="${texts.qrCode}">${literal(qr)}</div>
<p>${texts.typeKey} <code>${secret.replace(/.{4}(?=.)/g, '$& ')}</code></p>
${problem === undefined ? '' : markup`<p role="alert" id="problem">${problem}</p>`}
<form method="post" action="${action}">
${fields}
<input type="hidden" name="secret" value="${secret}">
<label for="code">${texts.totp}</label>
<input id="code" name="code" autocomplete="one-time-code" inputmode="numeric" autocapitalize="none" spellcheck="false" maxlength="64" required autofocus${problem === undefined ? '' : markup` aria-describedby="problem" aria-invalid="true"`}>
<button>${texts.confirm}</button>
</form>`

/** Recovery codes, shown this once, and where it goes on. */
export const recoveryCodesBody = (texts: Texts, codes: readonly string[], next: Markup): Markup =>
  markup`<p>${texts.saveCodesText}</p>
<ul class="codes">${codes.map((code) => markup`<li>${code}</li>`)}</ul>
${next}`
