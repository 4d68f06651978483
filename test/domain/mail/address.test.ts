import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { canonicalIdentifier } from '../../../functions/domain/accounts/identifier.ts'
import { isMailAddress } from '../../../functions/domain/mail/address.ts'

const mailed = (typed: string) => {
  const identifier = canonicalIdentifier(typed)
  return identifier !== undefined && isMailAddress(identifier) ? identifier : undefined
}

// REQ-45
describe('mail is sent', () => {
  test.each([
    ['ada@example.com', 'ada@example.com'],
    [' Ada@Example.COM ', 'ada@example.com'],
    ['ada+shop@example.com', 'ada+shop@example.com'],
    ["a.d.a-o'hara_1@mail.example.co.uk", "a.d.a-o'hara_1@mail.example.co.uk"],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
    ['ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'ada@example.com'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
    [`a@${'b.'.repeat(125)}cc`, `a@${'b.'.repeat(125)}cc`],
  ])('for %j to %j', (typed, address) => {
    expect(mailed(typed)).toBe(address)
  })

  test.each([
    ['a name', 'ada'],
    ['nothing before the @', '@example.com'],
    ['nothing after the @', 'ada@'],
    ['two @', 'ada@eve@example.com'],
    ['two addresses', 'ada@example.com,eve@example.com'],
    ['two addresses and a semicolon', 'ada@example.com;eve@example.com'],
    ['a header', 'ada@example.com\r\nBcc: eve@example.com'],
    ['a line feed', 'ada@example.com\nbcc'],
    ['NUL', 'ada\0@example.com'],
    ['a quoted local part', '"ada lovelace"@example.com'],
    ['a quote', 'ada"@example.com'],
    ['a comment', 'ada(comment)@example.com'],
    ['a comment in the domain', 'ada@example.com(comment)'],
    ['a display name', 'Ada <ada@example.com>'],
    ['a backslash', 'ada\\@example.com'],
    ['a colon', 'group:ada@example.com'],
    ['a space', 'ada lovelace@example.com'],
    ['a route by percent', 'ada%example.org@example.com'],
    ['a route by exclamation marks', 'example.org!ada@example.com'],
    // RFC 2047: software that decodes it where it must not would read eve@example.org.
    ['an encoded word', '=?utf-8?q?eve=40example.org=3e?=@example.com'],
    ['a question mark', 'ada?@example.com'],
    ['a dot first', '.ada@example.com'],
    ['a dot last', 'ada.@example.com'],
    ['two dots', 'a..da@example.com'],
    ['a non-ASCII local part', 'ädä@example.com'],
    ['a local part in Cyrillic', 'аda@example.com'],
    ['a domain of one label', 'ada@localhost'],
    ['an IP address', 'ada@192.0.2.1'],
    ['an address literal', 'ada@[192.0.2.1]'],
    ['a dot at the end of the domain', 'ada@example.com.'],
    ['two dots in the domain', 'ada@example..com'],
    ['a hyphen first in a label', 'ada@-example.com'],
    ['a hyphen last in a label', 'ada@example-.com'],
    ['an underscore in the domain', 'ada@ex_ample.com'],
    ['a label of 64', `ada@${'a'.repeat(64)}.com`],
    ['a local part of 65', `${'a'.repeat(65)}@example.com`],
    ['255 bytes', `aa@${'b.'.repeat(125)}cc`],
    ['320 bytes', `${'a'.repeat(64)}@${'b.'.repeat(126)}com`],
    ['a mark of direction', 'ada\u202e@example.com'],
  ])('not for %s', (_, typed) => {
    expect(mailed(typed)).toBeUndefined()
  })

  // REQ-111
  test.each([
    ['a dotless ı', 'gıthub@example.com', 'github@example.com'],
    ['a Cyrillic а', 'аda@example.com', 'ada@example.com'],
    ['a domain with a dotless ı', 'ada@gıthub.com', 'ada@github.com'],
    ['a domain with a Cyrillic а', 'ada@exаmple.com', 'ada@example.com'],
    ['a domain with ß', 'ada@groß.example', 'ada@gross.example'],
  ])('never to an address with %s for its likeness', (_, typed, likeness) => {
    expect(canonicalIdentifier(typed)).not.toBe(canonicalIdentifier(likeness))
  })

  test('only to one recipient, in plain ASCII, whatever was typed', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('ada', 'example.com', 'a.b', '+'),
    )
    const typed = fc
      .array(fc.oneof(part, fc.constantFrom('@', '.', ',', ';', '<', '>', '"', '\r\n', ' ', '(', '\\')), {
        maxLength: 6,
      })
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(
        fc.oneof(
          typed,
          typed.map((text) => `${text}@example.com`),
        ),
        (text) => {
          const address = mailed(text)
          if (address === undefined) return
          expect(address).toMatch(/^[!-?A-~]+@[a-z0-9.-]+$/)
          expect(address.split('@')).toHaveLength(2)
          expect(address).not.toMatch(/[\s,;:<>()[\]\\"]/)
          expect(Buffer.byteLength(address)).toBeLessThanOrEqual(254)
          expect(mailed(address)).toBe(address)
        },
      ),
      { numRuns: 3000 },
    )
  })
})
