import { createHash } from 'node:crypto'
import type { CapturedMail } from '../../local/aws/mails.ts'
import { type Html, html, trusted } from '../html.ts'

type ListedMail = { readonly id: string; readonly mail: CapturedMail | undefined }

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --line: #d0d4da; --quiet: #555c66; --link: #0b57d0 }
@media (prefers-color-scheme: dark) { :root { --line: #454b54; --quiet: #a6adb8; --link: #8ab4f8 } }
* { box-sizing: border-box }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere }
h1 { font-size: 1.4rem; margin: 0 0 .75rem }
p { margin: 0 0 .75rem }
h2 { font-size: 1rem; margin: 1.5rem 0 .5rem }
a { color: var(--link) }
ul { list-style: none; margin: 0; padding: 0 }
li { border-top: 1px solid var(--line) }
li a { display: block; padding: .6rem 0; text-decoration: none }
li b { display: block }
li small, dt, footer { color: var(--quiet) }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: 0 }
dd { margin: 0; min-width: 0 }
output { font: 700 2rem/1.2 ui-monospace, monospace; letter-spacing: .1em; user-select: all }
.code { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; margin: 1rem 0 }
button { font: inherit; padding: .4rem 1rem }
pre, iframe { width: 100%; margin: 0; border: 1px solid var(--line); border-radius: .25rem }
pre { padding: .75rem; white-space: pre-wrap; font: .95rem/1.5 ui-monospace, monospace }
iframe { display: block; height: 40rem; resize: vertical; background: #fff; color-scheme: normal }
.new { position: sticky; top: 0; padding: .5rem; background: Canvas; border-bottom: 1px solid var(--line) }
`

// The list shows a new mail at once. A mail that someone reads stays, and a line on top leads to the new one.
const script = `
const main = document.querySelector('main')
const events = new EventSource('/events?after=' + main.dataset.newest)
events.onmessage = () => {
  events.close()
  if (main.dataset.page === 'list') location.reload()
  else document.querySelector('.new').hidden = false
}
const copy = document.querySelector('button')
if (copy) {
  copy.hidden = false
  copy.onclick = async () => {
    await navigator.clipboard.writeText(document.querySelector('output').textContent)
    copy.textContent = 'Copied'
  }
}
`

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Of the mailbox's own pages: their style, their script, and mails in a frame. */
export const pagePolicy = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  `script-src ${hashOf(script)}`,
  "connect-src 'self'",
  "frame-src 'self'",
  'img-src data:',
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * Of a mail's HTML, which may be anyone's: styles of its own, and nothing that runs, loads, submits or leads away. It is a
 * document by itself, so that its text is never put into a page of ours.
 */
export const mailPolicy = [
  'sandbox',
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join('; ')

const layout = (title: string, page: 'list' | 'mail', newest: string, content: Html): string =>
  html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(style)}</style>
<main data-page="${page}" data-newest="${newest}">
${content}
</main>
<script>${trusted(script)}</script>
</html>
`.markup

export type MailList = {
  /** The newest first. */
  readonly mails: readonly ListedMail[]
  /** How many more there are. */
  readonly older: number
}

export function listPage({ mails, older }: MailList): string {
  const items = mails.map(
    ({
      id,
      mail,
    }) => html`<li><a href="/mails/${id}"><b dir="auto">${mail ? mail.subject || '(no subject)' : 'This file holds no mail.'}</b>
<small>${mail ? `${mail.to} · ${timeOf(mail)}` : `${id}.json`}</small></a></li>
`,
  )
  const content = html`<h1>Mailbox</h1>
${items.length > 0 ? html`<ul>${items}</ul>` : html`<p>No mail yet. It appears here when it arrives.</p>`}
${older > 0 ? html`<footer>${older} older mails are in the folder <code>mail</code> of the data.</footer>` : undefined}`
  return layout(`Mailbox (${mails.length + older})`, 'list', mails[0]?.id ?? '', content)
}

export function mailPage(id: string, mail: CapturedMail, newest: string): string {
  const code = findCode(mail.text)
  const content = html`<p class="new" hidden><a href="/">A new mail has arrived.</a></p>
<p><a href="/">All mails</a></p>
<h1 dir="auto">${mail.subject || '(no subject)'}</h1>
<dl><dt>To</dt><dd>${mail.to}</dd><dt>From</dt><dd>${mail.from}</dd><dt>Time</dt><dd>${timeOf(mail)}</dd></dl>
${code ? html`<p class="code"><output>${code}</output><button type="button" hidden>Copy</button></p>` : undefined}
<h2>Text</h2>
<pre dir="auto">${mail.text}</pre>
<h2>HTML</h2>
<iframe sandbox src="/mails/${id}/html" title="The mail as HTML" referrerpolicy="no-referrer"></iframe>`
  return layout(mail.subject || 'Mail', 'mail', newest, content)
}

const timeOf = ({ time }: CapturedMail) => time.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')

/** Eight digits, together or in two halves, as a text of ours shows a code. */
function findCode(text: string): string | undefined {
  const [, first, second] = /(?<![\d-])(\d{4})[ -]?(\d{4})(?![\d-])/.exec(text) ?? []
  return first && second && `${first}${second}`
}
