import { describe, expect, test } from '@jest/globals'
import { readParameters } from '../../../functions/http/api/parameters.ts'
import { httpEvent } from '../../support/builders/events.ts'

const form = (body: string, type = 'application/x-www-form-urlencoded', isBase64Encoded = false) =>
  httpEvent('POST /token', { headers: { 'content-type': type }, body, isBase64Encoded })
const json = (body: string) => httpEvent('POST /token', { body })
const read = (event: ReturnType<typeof httpEvent>) => readParameters(event, ['a', 'b'])
const base64 = (bytes: string | Uint8Array) => Buffer.from(bytes as string).toString('base64')

describe('the parameters of a form', () => {
  test.each([
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1', { a: '1' }],
    ['', {}],
    ['&&a=1&', { a: '1' }],
    ['a=x+y%20z%2B', { a: 'x y z+' }],
    ['a=%C3%A4&b=ä', { a: 'ä', b: 'ä' }],
    ['a=x%3Dy=z', { a: 'x=y=z' }],
    ['%61=1', { a: '1' }],
    ['a=1&c=3&d', { a: '1' }],
    ['__proto__=x&constructor=y&a=1', { a: '1' }],
  ])('are read from %j', (body, value) => {
    expect(read(form(body))).toEqual({ ok: true, value })
  })

  // RFC 6749 section 3.2
  test.each(['a=&b=2', 'a&b=2'])('count as left out where they have no value: %s', (body) => {
    expect(read(form(body))).toEqual({ ok: true, value: { b: '2' } })
  })

  // REQ-147
  test.each(['a=1&a=1', 'a=1&b=2&a=', 'a=1&%61=2', 'a=1&c=3&c=4', 'a=1&__proto__=2&__proto__=3'])(
    'are refused where one is repeated: %s',
    (body) => {
      expect(read(form(body))).toEqual({ ok: false, failure: { reason: 'malformed_body' } })
    },
  )

  test.each([
    ['half an escape', form('a=%4')],
    ['an escape of no byte', form('a=%zz')],
    ['escaped bytes that are no UTF-8', form('a=%ff')],
    ['bytes that are no UTF-8', form(base64(Uint8Array.of(97, 61, 255)), undefined, true)],
  ])('are refused for %s', (_, event) => {
    expect(read(event)).toEqual({ ok: false, failure: { reason: 'malformed_body' } })
  })

  test('are read from base64, which is how API Gateway sends a form', () => {
    expect(read(form(base64('a=%C3%A4&b=x+y'), undefined, true))).toEqual({ ok: true, value: { a: 'ä', b: 'x y' } })
  })

  test.each([
    'application/x-www-form-urlencoded;charset=UTF-8',
    'application/x-www-form-urlencoded; charset="utf-8"',
    'APPLICATION/X-WWW-FORM-URLENCODED',
  ])('are read from %s', (type) => {
    expect(read(form('a=1', type))).toEqual({ ok: true, value: { a: '1' } })
  })

  test.each(['', 'text/plain', 'multipart/form-data', 'application/x-www-form-urlencoded; charset=latin1'])(
    'are not read from %j',
    (type) => {
      expect(read(form('a=1', type))).toEqual({ ok: false, failure: { reason: 'unsupported_media_type' } })
    },
  )

  test('may be repeated where their definition lets them: then they are malformed, as a list is', () => {
    const event = form('a=1&b=2&a=1')

    expect(readParameters(event, ['a', 'b'], ['a'])).toEqual({
      ok: false,
      failure: { reason: 'malformed_parameter', name: 'a' },
    })
    expect(readParameters(form('b=2&b=2'), ['a', 'b'], ['a'])).toEqual({
      ok: false,
      failure: { reason: 'malformed_body' },
    })
    expect(readParameters(form('b=2&a=1'), ['a', 'b'], ['a'])).toEqual({ ok: true, value: { a: '1', b: '2' } })
  })

  test('are not read from the address', () => {
    const event = { ...form(''), rawQueryString: 'a=1', queryStringParameters: { a: '1' } }

    expect(read(event)).toEqual({ ok: true, value: {} })
  })

  test('have an end', () => {
    expect(read(form(`a=${'x'.repeat(16_383)}`))).toEqual({ ok: false, failure: { reason: 'body_too_long' } })
  })
})

describe('the parameters of a JSON object', () => {
  test.each([
    ['{"a":"1","b":"2"}', { a: '1', b: '2' }],
    ['{"a":"","b":"2","c":3}', { b: '2' }],
    ['{"a":null,"b":"2"}', { b: '2' }],
    ['{}', {}],
  ])('are read from %s', (body, value) => {
    expect(read(json(body))).toEqual({ ok: true, value })
  })

  test.each(['7', 'true', '["1"]', '{}'])('are strings, not %s', (value) => {
    const failure = { reason: 'malformed_parameter', name: 'a' }

    expect(read(json(`{"b":"2","a":${value}}`))).toEqual({ ok: false, failure })
  })

  test.each(['{"a":"1","a":"1"}', '[]', '"a"', '{"a":', ''])('are not read from %s', (body) => {
    expect(read(json(body))).toEqual({ ok: false, failure: { reason: 'malformed_body' } })
  })
})
