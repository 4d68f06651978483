import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { chooseLanguage, languages } from '../../../functions/domain/mail/language.ts'

describe('the language of a mail', () => {
  test.each([
    [undefined, undefined, 'en'],
    ['', '', 'en'],
    ['de', 'fr', 'de'],
    ['fr-CA de', 'es', 'fr'],
    ['DE-at', undefined, 'de'],
    ['ja es en', 'fr', 'es'],
    ['ja', 'fr', 'fr'],
    ['  de  ', undefined, 'de'],
    ['deutsch', undefined, 'en'],
    ['__proto__ constructor', undefined, 'en'],
  ])('by ui_locales %j, then Accept-Language %j, is %s', (uiLocales, acceptLanguage, language) => {
    expect(chooseLanguage({ uiLocales, acceptLanguage })).toBe(language)
  })

  test.each([
    ['de', 'de'],
    ['de-CH, fr;q=0.9, en;q=0.8', 'de'],
    ['en;q=0.5, es;q=0.8', 'es'],
    ['en;q=0.5,es;q=0.501', 'es'],
    ['ja, fr;q=0.1', 'fr'],
    ['fr;q=0, de;q=0.1', 'de'],
    ['fr;q=0.000', 'en'],
    ['*', 'en'],
    ['ja, *;q=0.5', 'en'],
    ['en;q=0, *', 'de'],
    ['*;q=0.1, es;q=0.2', 'es'],
    ['ES-419 ; q=1.000', 'es'],
    ['\tfr\t', 'fr'],
    // The first of equals.
    ['fr, de', 'fr'],
    ['de;q=0.7, fr;q=0.7', 'de'],
    // Malformed ranges say nothing.
    ['fr;q=2, de;q=0.1', 'de'],
    ['fr;q=0.1234, de;q=0.1', 'de'],
    ['fr;q=-1, de;q=0.1', 'de'],
    ['fr;level=1, de;q=0.1', 'de'],
    [',,;q=1,, de', 'de'],
    ['fr de, es;q=0.1', 'es'],
    ['fr\r\nBcc: x, es', 'es'],
  ])('by Accept-Language %j is %s', (acceptLanguage, language) => {
    expect(chooseLanguage({ acceptLanguage })).toBe(language)
  })

  test('is read from the beginning of what is too long', () => {
    expect(chooseLanguage({ acceptLanguage: `${'x, '.repeat(49)}de` })).toBe('de')
    expect(chooseLanguage({ acceptLanguage: `${'x, '.repeat(50)}de` })).toBe('en')
    expect(chooseLanguage({ acceptLanguage: `${' '.repeat(1_000_000)}de` })).toBe('en')
    expect(chooseLanguage({ uiLocales: `${'x'.repeat(1000)} de` })).toBe('en')
  })

  test('is one of the four, whatever is sent', () => {
    const sent = fc.option(fc.string({ unit: 'binary' }), { nil: undefined })
    fc.assert(
      fc.property(sent, sent, (uiLocales, acceptLanguage) => {
        expect(languages).toContain(chooseLanguage({ uiLocales, acceptLanguage }))
      }),
    )
  })
})
