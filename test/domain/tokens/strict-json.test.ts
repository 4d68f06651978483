import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseStrictJson } from '../../../functions/domain/tokens/strict-json.ts'

describe('strict JSON', () => {
  test('is what JSON.parse makes of a text that JSON.stringify wrote', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseStrictJson(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  test.each([
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":1}',
    '{"a":{"b":1,"b":2}}',
    '[{"a":1,"a":1}]',
    '{"__proto__":1,"__proto__":2}',
    '{"":1,"":2}',
    '{"a" : 1, "a"\n:\t2}',
    '{"a:":1,"a:":2}',
  ])('refuses a repeated name: %j', (text) => {
    expect(() => parseStrictJson(text)).toThrow(SyntaxError)
  })

  test.each([
    '{"a":"\\":"}',
    '{"a":"\\\\","b":1}',
    '{"a":"\\"b\\":","b":2}',
    '{"__proto__":{"x":1}}',
    '["a:","a:"]',
    '["a",":"]',
    '{"":1}',
  ])('is not misled by %j', (text) => {
    expect(parseStrictJson(text)).toEqual(JSON.parse(text))
  })

  test('takes deep nesting', () => {
    const depth = 8000

    expect(parseStrictJson('['.repeat(depth) + ']'.repeat(depth))).toHaveLength(1)
  })
})
