import { cleanLine, escapeHtml } from './escape.ts'
import type { Language } from './language.ts'
import type { MailFacts, MailKind, MailText, MailTexts, WrittenMail } from './mail.ts'
import { german } from './texts/de.ts'
import { english } from './texts/en.ts'
import { spanish } from './texts/es.ts'
import { french } from './texts/fr.ts'

const textsOf: { readonly [Name in Language]: MailTexts } = { en: english, de: german, fr: french, es: spanish }

/**
 * Writes a mail in a language, as plain text and as HTML. The subject is shown on locked screens, so no code is in it.
 * There are no links, images or fonts from elsewhere: nothing to click on, nothing that tells when the mail is read.
 */
export function writeMail<Kind extends MailKind>(kind: Kind, language: Language, facts: MailFacts[Kind]): WrittenMail {
  const texts = textsOf[language]
  const clean = cleanFacts(facts)
  const text = texts.mails[kind](clean)
  const { service } = clean
  const parts = {
    texts,
    text,
    code: codeOf(clean),
    minutes: minutesOf(kind),
    details: detailsOf(texts, clean),
    service,
  }
  return { subject: text.subject, text: plainText(parts), html: html(parts) }
}

// A log-in that waits for a code is over sooner than a ticket.
const minutesOf = (kind: MailKind): number => (kind === 'enrolmentCode' ? 5 : 10)

type Parts = {
  readonly texts: MailTexts
  readonly text: MailText
  readonly code: string | undefined
  readonly minutes: number
  readonly details: readonly (readonly [label: string, value: string])[]
  readonly service: string
}

const cleanFacts = <Facts extends object>(facts: Facts): Facts =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, typeof value === 'string' ? cleanLine(value) : value]),
  ) as Facts

// In two halves, as people read it out; it may be typed either way.
const codeOf = (facts: MailFacts[MailKind]): string | undefined =>
  'code' in facts ? `${facts.code.slice(0, 4)} ${facts.code.slice(4)}` : undefined

// What a person can check.
function detailsOf({ labels, language }: MailTexts, facts: MailFacts[MailKind]): Parts['details'] {
  return [
    [labels.service, facts.service],
    ...('username' in facts && facts.username !== undefined ? [[labels.account, facts.username] as const] : []),
    [labels.time, formatTime(facts.time, language)],
    ...(facts.source === undefined ? [] : [[labels.source, facts.source] as const]),
  ]
}

// British English, because the American order of day and month is read wrongly elsewhere.
const locales: { readonly [Name in Language]: string } = { en: 'en-GB', de: 'de-DE', fr: 'fr-FR', es: 'es-ES' }

function formatTime(time: number, language: Language): string {
  const format = new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  return `${format.format(new Date(time * 1000))} UTC`
}

function plainText({ texts, text, code, minutes, details, service }: Parts): string {
  const blocks = [
    ...text.opening,
    ...(code === undefined ? [] : [`    ${code}`, texts.aboutCode(service, minutes)]),
    ...text.advice,
    details.map(([label, value]) => `${label}${texts.colon} ${value}`).join('\n'),
    `-- \n${texts.footer(service)}`,
  ]
  return `${blocks.join('\n\n')}\n`
}

const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`

// Names may be written from right to left: <bdi> keeps them from moving what stands beside them.
const row = ([label, value]: readonly [string, string]): string =>
  `<tr><th scope="row">${escapeHtml(label)}</th><td><bdi>${escapeHtml(value)}</bdi></td></tr>`

function html({ texts, text, code, minutes, details, service }: Parts): string {
  const lines = [
    `<!doctype html>`,
    `<html lang="${texts.language}">`,
    `<head>`,
    `<meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta name="color-scheme" content="light dark">`,
    `<meta name="supported-color-schemes" content="light dark">`,
    // Otherwise phones make links of codes, times and addresses.
    `<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">`,
    `<title>${escapeHtml(text.subject)}</title>`,
    `<style>${style}</style>`,
    `</head>`,
    `<body>`,
    `<div class="page">`,
    ...text.opening.map(paragraph),
    ...(code === undefined
      ? []
      : [`<p class="code">${escapeHtml(code)}</p>`, paragraph(texts.aboutCode(service, minutes))]),
    ...text.advice.map(paragraph),
    `<table>`,
    ...details.map(row),
    `</table>`,
    `<p class="footer">${escapeHtml(texts.footer(service))}</p>`,
    `</div>`,
    `</body>`,
    `</html>`,
  ]
  return `${lines.join('\n')}\n`
}

const style = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 0; background: #ffffff; color: #1f2328; }
.page { max-width: 34rem; margin: 0 auto; padding: 24px 20px; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; overflow-wrap: anywhere; }
p { margin: 0 0 16px; }
.code { margin: 24px 0; padding: 16px; border-radius: 8px; background: #eef1f4; text-align: center; font: 600 30px/1.2 ui-monospace, Menlo, Consolas, monospace; letter-spacing: 1px; white-space: nowrap; }
table { margin: 24px 0; border-collapse: collapse; font-size: 14px; }
th { padding: 2px 16px 2px 0; text-align: left; vertical-align: top; font-weight: normal; color: #59636e; white-space: nowrap; }
td { padding: 2px 0; vertical-align: top; }
.footer { margin: 0; padding-top: 16px; border-top: 1px solid #d1d9e0; font-size: 13px; color: #59636e; }
@media (prefers-color-scheme: dark) {
body { background: #161b22; color: #e6edf3; }
.code { background: #2a313a; }
th, .footer { color: #9da7b3; }
.footer { border-color: #3d444d; }
}
`
