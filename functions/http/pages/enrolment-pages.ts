import { literal, type Markup, markup } from './parts/html.ts'
import { newCodesPlace, newPasskeyForm } from './parts/new-passkey.ts'
import type { Texts } from './texts/texts.ts'

// The parts of pages that someone with a session and someone in the course of a sign-in see alike.

type Choice = {
  readonly text: string
  /** Where the form of an app goes, and the hidden fields that it needs there. */
  readonly action: string
  readonly fields: Markup
  readonly passkey: Parameters<typeof newPasskeyForm>[1]
  /** What follows the recovery codes. */
  readonly next: Markup
  /** The address of the first step. */
  readonly notYou: string
}

/** The choice of a first factor: an app, or a passkey where the browser knows them. */
export const choiceBody = (texts: Texts, { text, action, fields, passkey, next, notYou }: Choice): Markup =>
  markup`<div id="page">
<p>${text}</p>
<form method="post" action="${action}">${fields}<button>${texts.setUpApp}</button></form>
${newPasskeyForm(texts, passkey)}
<p><a href="${notYou}">${texts.notYou}</a></p>
</div>
${newCodesPlace(texts, next)}`

/** On to the next step of a sign-in, which may be at a client. */
export const goOnForm = (texts: Texts, flow: string): Markup =>
  markup`<form action="/consent"><input type="hidden" name="flow" value="${flow}"><button>${texts.codesSaved}</button></form>`

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
export const recoveryCodesBody = (texts: Texts, codes: readonly string[], next: Markup = markup``): Markup =>
  markup`<p>${texts.saveCodesText}</p>
<ul class="codes">${codes.map((code) => markup`<li>${code}</li>`)}</ul>
${next}`
