import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { languages } from '../../../functions/domain/mail/language.ts'
import { writeMail } from '../../../functions/domain/mail/write-mail.ts'
import { mailKinds, sampleFacts } from '../../support/builders/mails.ts'

const mails = languages.flatMap((language) => mailKinds.map((kind) => [kind, language] as const))
const withCode = ['registrationCode', 'recoveryCode', 'enrolmentCode', 'addressCode']
const toStrangers = ['registrationCode', 'addressInUse', 'addressCode']

const tagsOf = (html: string) => [...html.matchAll(/<(\/?[^\s>]+)[^>]*>/g)].map(([, tag]) => tag)

const textIn = (html: string) =>
  html
    .replace(/<style>[\s\S]*<\/style>|<[^>]*>/g, ' ')
    .replace(/&lt;|&gt;|&quot;|&#39;/g, (entity) => ({ '&lt;': '<', '&gt;': '>', '&quot;': '"' })[entity] ?? "'")
    .replaceAll('&amp;', '&')

describe.each(mails)('the mail %s in %s', (kind, language) => {
  const facts = sampleFacts()[kind]
  const { subject, text, html } = writeMail(kind, language, facts)

  test('says who sent it, when, from where it was caused, and shows a code in two halves', () => {
    for (const body of [text, textIn(html)]) {
      expect(body).toContain('Shop')
      expect(body).toMatch(/2027.*0?8:00 UTC/)
      expect(body.includes('192.0.2.7')).toBe(kind !== 'factorsReset')
      expect(body.includes('0123 4567')).toBe(withCode.includes(kind))
    }
  })

  test('has a short subject that names the service and holds no code', () => {
    expect(subject).toMatch(/^Shop\s?: \S/)
    expect(subject.length).toBeLessThanOrEqual(78)
    expect(subject).not.toMatch(/\d/)
  })

  test('names the account only to its owner: a stranger would choose the words', () => {
    for (const body of [subject, text, html]) expect(body).not.toContain('undefined')
    expect(/\bada\b/.test(text)).toBe(!toStrangers.includes(kind))
  })

  // REQ-167
  test('has no link, no script, and nothing that is fetched', () => {
    expect(text).not.toMatch(/https?:|www\.|mailto:/)
    expect(html).not.toMatch(/https?:|www\.|mailto:|url\(|@import|@font-face|\b(?:src|href|background|on[a-z]+)=/i)
    expect(tagsOf(html).filter((tag) => /^(?:a|img|script|link|iframe|form|object|svg)$/i.test(tag ?? ''))).toEqual([])
  })

  test('says the same as text and as HTML, in its language, for light, dark and narrow screens', () => {
    const words = (body: string) => body.replace(/[\s:]+/g, ' ').trim()
    const ofText = words(text.replace('-- \n', ''))
    expect(words(textIn(html))).toBe(words(`${subject} ${ofText}`))
    expect(html).toContain(`<html lang="${language}">`)
    expect(html).toContain('<meta name="color-scheme" content="light dark">')
    expect(html).toContain('@media (prefers-color-scheme: dark)')
    expect(html).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">')
    expect(Buffer.byteLength(html)).toBeLessThan(8000)
  })
})

// REQ-161
test('a code says how long it is good: as long as its ticket, in an enrolment as long as the log-in', () => {
  const said = mails.flatMap(([kind, language]) => {
    const { text, html } = writeMail(kind, language, sampleFacts()[kind])
    const minutes = [text, textIn(html)].map((body) => /\b(\d+)\s(?:minutes|Minuten|minutos)\b/.exec(body)?.[1])
    return withCode.includes(kind) ? [[kind, minutes]] : []
  })

  expect(said).toHaveLength(withCode.length * languages.length)
  for (const [kind, minutes] of said) expect(minutes).toEqual(kind === 'enrolmentCode' ? ['5', '5'] : ['10', '10'])
})

// REQ-45, REQ-167
test.each([
  ['line ends', 'Shop\r\nBcc: eve@example.com\r\n\r\nHello'],
  ['other line ends', 'Shop\u2028Bcc:\u2029\u0085\u000b\u000c'],
  ['a script', '<script>alert(1)</script>'],
  ['quotes and an attribute', `"><img src='x' onerror="alert(1)">`],
  ['an end of the style', '</style></title><a href="https://eve.example">'],
  ['an entity', '&lt;script&gt;'],
  ['marks of direction', '\u202eshop\u200f\u2066\u061c'],
  ['NUL and escapes', 'Sh\0op\u001b[31m\u007f'],
  ['half a character', 'Shop\ud800'],
  ['invisible characters', 'S\u200bh\u00ado\ufeffp\u{e0061}'],
  ['320 bytes', 'x'.repeat(320)],
  ['a replacement pattern', "$& $1 $` $'"],
  ['nothing', ''],
])('every mail stays as it is built with %s in the names', (_, hostile) => {
  for (const [kind, language] of mails) {
    const plain = writeMail(kind, language, sampleFacts()[kind])
    const bad = sampleFacts({ service: hostile, username: hostile, source: hostile })[kind]
    const mail = writeMail(kind, language, bad)

    expect(mail.subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
    expect(mail.subject.length).toBeLessThanOrEqual(190)
    for (const body of [mail.subject, mail.text, mail.html]) {
      expect(body.replaceAll('\n', '')).not.toMatch(/\p{C}/u)
      expect(body).not.toContain('x'.repeat(101))
    }
    expect(tagsOf(mail.html)).toEqual(tagsOf(plain.html))
    expect(mail.text.split('\n')).toHaveLength(plain.text.split('\n').length)
  }
})

// REQ-167
test('no name whatever adds a tag, a line or a header', () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc
      .array(fc.constantFrom('<', '>', '"', "'", '&', '\r', '\n', '\u2028', '\u202e', 'a', '=', ';', '#', ' '))
      .map((all) => all.join('')),
  )
  const plain = writeMail('recoveryCode', 'en', sampleFacts().recoveryCode)
  fc.assert(
    fc.property(name, name, name, (service, username, source) => {
      const { subject, text, html } = writeMail(
        'recoveryCode',
        'en',
        sampleFacts({ service, username, source }).recoveryCode,
      )

      expect(subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
      expect(tagsOf(html)).toEqual(tagsOf(plain.html))
      expect(text.split('\n')).toHaveLength(plain.text.split('\n').length)
    }),
    { numRuns: 1000 },
  )
})

test('names of any script are shown as they are', () => {
  const { html, text } = writeMail(
    'passwordChanged',
    'de',
    sampleFacts({ service: 'متجر', username: '名前 é' }).passwordChanged,
  )

  expect(html).toContain('<bdi>متجر</bdi>')
  expect(text).toContain('Konto: 名前 é\n')
})
