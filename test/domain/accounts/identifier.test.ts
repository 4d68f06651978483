import { domainToUnicode } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { canonicalIdentifier } from '../../../functions/domain/accounts/identifier.ts'
import { fold } from '../../../functions/domain/fold.ts'

// REQ-6
describe('a name', () => {
  test.each([
    ['a', 'a'],
    ['ada', 'ada'],
    ['Ada', 'ada'],
    ['ＡＤＡ', 'ada'],
    ['Ada Lovelace', 'ada lovelace'],
    ['ada@example.com', 'ada@example.com'],
    ['USER#ada', 'user#ada'],
    ['e\u0301', 'é'],
    ['\u212aate', 'kate'],
    ['\u212b', 'å'],
    ['ﬁona', 'fiona'],
    ['ΣΊΣΥΦΟΣ', 'σίσυφος'],
    ['名前', '名前'],
    ['__proto__', '__proto__'],
    ['\u{1d41a}\u{1d41b}', 'ab'],
    ['a'.repeat(256), 'a'.repeat(256)],
  ])('%j has the canonical form %j', (typed, canonical) => {
    expect(canonicalIdentifier(typed)).toBe(canonical)
  })

  test.each([
    ['dotless ı', 'ıvan', 'ivan'],
    ['dotted İ', 'İvan', 'ivan'],
    ['Cyrillic а', 'аda', 'ada'],
    ['Greek ο', 'bοb', 'bob'],
    ['sharp ß', 'groß', 'gross'],
    ['an accent', 'adà', 'ada'],
  ])('with %s is not the name that it looks like', (_, typed, likeness) => {
    expect(canonicalIdentifier(typed)).toBeDefined()
    expect(canonicalIdentifier(typed)).not.toBe(canonicalIdentifier(likeness))
  })

  test.each([
    ['empty text', ''],
    ['a space', ' '],
    ['two spaces', 'ada  lovelace'],
    ['a tab inside', 'a\tda'],
    ['a line separator after', 'ada\u2028'],
    ['a line feed', 'a\nda'],
    ['NUL', 'ada\0'],
    ['an escape', 'ada\u001b[31m'],
    ['a zero-width space', 'a\u200bda'],
    ['a zero-width joiner', 'a\u200dda'],
    ['a word joiner', 'a\u2060da'],
    ['a byte-order mark', '\ufeffada'],
    ['a soft hyphen', 'a\u00adda'],
    ['a right-to-left mark', 'ada\u200f'],
    ['a right-to-left override', '\u202eada'],
    ['a Hangul filler', 'ada\u3164'],
    ['a variation selector', 'ada\ufe0f'],
    ['a tag character', 'ada\u{e0061}'],
    ['a private character', 'ada\ue000'],
    ['a line separator', 'ada\u2028ada'],
    ['half a character', 'ada\ud800'],
    ['257 bytes', 'a'.repeat(257)],
    ['258 bytes in 86 characters', '名'.repeat(86)],
    ['2,049 bytes', 'a'.repeat(2049)],
  ])('cannot be %s', (_, typed) => {
    expect(canonicalIdentifier(typed)).toBeUndefined()
  })

  // REQ-6
  test.each([' ada', 'ada ', '  ada  ', 'ada\n', 'ada\r\n', '\tada', 'ada\u00a0'])(
    'is typed with spaces around it, which are left out: %j',
    (typed) => {
      expect(canonicalIdentifier(typed)).toBe('ada')
    },
  )

  // REQ-6
  test.each([
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['Ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
    ['ada@faß.example', 'ada@xn--fa-hia.example'],
    ['ada@日本。jp', 'ada@xn--wgv71a.jp'],
    ['ada@\u13a0.example', 'ada@xn--58d.example'],
  ])('that is an address has its domain in ASCII: %j becomes %j', (typed, canonical) => {
    expect(canonicalIdentifier(typed)).toBe(canonical)
  })

  // REQ-6
  test.each([
    ['a zero-width space', 'ada@exam\u200bple.com'],
    ['a soft hyphen and a path', 'ada@example.com\u00ad/foo'],
    ['an escape and a soft hyphen', 'ada@ex%61mple\u00ad.com'],
    ['a path', 'ada@bücher.example/foo'],
    ['a backslash', 'ada@bücher.example\\foo'],
    ['a query', 'ada@bücher.example?foo'],
    ['a fragment', 'ada@bücher.example#foo'],
    ['a port', 'ada@bücher.example:443'],
    ['an escape', 'ada@b%75cher.exämple'],
    ['brackets', 'ada@[bücher.example]'],
    ['a space', 'ada@bücher .example'],
    ['digits that are no ASCII', 'ada@١٢٧.1'],
  ])('cannot be an address of which the conversion would lose or rewrite characters: %s', (_, typed) => {
    expect(canonicalIdentifier(typed)).toBeUndefined()
  })

  // REQ-6
  test('that is an address loses no character of its domain', () => {
    const part = fc.oneof(
      fc.constantFrom(...'.%/?#\\:[] 。é\u00ad\u200b\u200d', '%61', '%c3%a9', 'xn--', '0x7f', 'example', 'ß', '\u13a0'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const domain = parts.join('').replaceAll('@', '')
        const canonical = canonicalIdentifier(`ada@${domain}`)
        if (canonical === undefined) return
        const ascii = canonical.slice('ada@'.length)
        const folded = fold(domain).replace(/[ \t\r\n]+$/, '')
        expect([folded, folded.replaceAll('。', '.')]).toContain(
          /^\p{ASCII}*$/u.test(folded) ? ascii : fold(domainToUnicode(ascii)),
        )
        expect(ascii).toMatch(/^\p{ASCII}*$/u)
        expect(canonicalIdentifier(canonical)).toBe(canonical)
      }),
      { numRuns: 5000 },
    )
  })

  test('in its canonical form is its own canonical form', () => {
    const typed = fc.string({ unit: 'binary', maxLength: 20 })
    fc.assert(
      fc.property(typed, (text) => {
        const name = canonicalIdentifier(text)
        if (name !== undefined) expect(canonicalIdentifier(name)).toBe(name)
      }),
      { numRuns: 5000 },
    )
  })

  test('of one character keeps its canonical form, whichever the character', () => {
    const moved: string[] = []
    for (let point = 0; point <= 0x10ffff; point += 1) {
      const name = canonicalIdentifier(String.fromCodePoint(point))
      if (name !== undefined && canonicalIdentifier(name) !== name) moved.push(point.toString(16))
    }
    expect(moved).toEqual([])
  })
})
