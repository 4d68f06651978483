import { describe, expect, test } from '@jest/globals'
import { readJsonBody } from '../../../functions/http/api/body.ts'
import { httpEvent } from '../../support/builders/events.ts'

const read = (
  body: string | undefined,
  contentType: string | undefined = 'application/json',
  isBase64Encoded = false,
) =>
  readJsonBody(
    httpEvent('POST /login', {
      headers: contentType === undefined ? {} : { 'content-type': contentType },
      isBase64Encoded,
      ...(body === undefined ? {} : { body }),
    }),
  )

const base64 = (bytes: string | readonly number[]) => Buffer.from(bytes as string).toString('base64')

describe('a JSON body', () => {
  test.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'application/json; charset="utf-8"',
    ' application/json ; charset=utf-8',
    'application/json; charset=utf8',
    'application/json; charset=us-ascii',
    'application/json;',
    'application/json; ; charset=utf-8',
  ])('is read as %s', (contentType) => {
    expect(read('{"a":1}', contentType)).toEqual({ ok: true, value: { a: 1 } })
  })

  // REQ-11
  test.each([
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json-patch+json',
    'application/vnd.api+json',
    'text/plain; application/json',
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf-80',
    'application/json; xcharset=utf-8',
    'application/json; charset=utf-8; charset=utf-16',
    'application/json, text/plain',
  ])('is not read as %j', (contentType) => {
    expect(read('{"a":1}', contentType)).toEqual({ ok: false, failure: { reason: 'unsupported_media_type' } })
  })

  test('without a content type is not read', () => {
    const event = httpEvent('POST /login', { headers: {}, body: '{}' })
    const { headers: _, ...headless } = event

    for (const strange of [event, headless as typeof event]) {
      expect(readJsonBody(strange)).toEqual({ ok: false, failure: { reason: 'unsupported_media_type' } })
    }
  })

  test('may name the replacement character, which no broken byte turns into', () => {
    expect(read('{"a":"\\ufffd"}')).toEqual({ ok: true, value: { a: '\ufffd' } })
  })

  test('may begin with a byte order mark', () => {
    expect(read('\ufeff{"a":1}')).toEqual({ ok: true, value: { a: 1 } })
    expect(read(base64('\ufeff{"a":1}'), 'application/json', true)).toEqual({ ok: true, value: { a: 1 } })
    expect(read('\ufeff\ufeff{"a":1}')).toEqual({ ok: false, failure: { reason: 'malformed_body' } })
  })

  test('may have members that are null, which count as absent', () => {
    expect(read('{"a":null,"b":{"c":null}}')).toEqual({ ok: true, value: { b: { c: null } } })
  })

  test.each(['gzip', 'br', 'deflate, gzip', 'GZIP'])('compressed by %s is refused', (encoding) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding }

    expect(readJsonBody(httpEvent('POST /login', { headers, body: '{}' }))).toEqual({
      ok: false,
      failure: { reason: 'compressed_body' },
    })
  })

  test('that says it is not compressed is read', () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'identity' }

    expect(readJsonBody(httpEvent('POST /login', { headers, body: '{}' }))).toEqual({ ok: true, value: {} })
  })

  test('may come as base64', () => {
    expect(read(base64('{"a":"ä"}'), 'application/json', true)).toEqual({ ok: true, value: { a: 'ä' } })
  })

  // REQ-7, REQ-8
  test.each([
    ['nothing', undefined],
    ['empty text', ''],
    ['a space', ' '],
    ['an array', '[]'],
    ['null', 'null'],
    ['a number', '1'],
    ['a text', '"a"'],
    ['cut short', '{"a":1'],
    ['a trailing comma', '{"a":1,}'],
    ['single quotes', "{'a':1}"],
    ['two objects', '{}{}'],
    ['a comment', '{}//'],
    ['NaN', '{"a":NaN}'],
    ['a name twice', '{"a":1,"a":2}'],
    ['a byte-order mark within', '{\ufeff"a":1}'],
    ['form data', 'a=1'],
    ['text in which bytes have been replaced', '{"a":"p\ufffdssword"}'],
    ['text with half a character', '{"a":"\ud800"}'],
  ])('that is %s is malformed', (_, body) => {
    expect(read(body)).toEqual({ ok: false, failure: { reason: 'malformed_body' } })
  })

  test.each([
    ['no UTF-8', [0x7b, 0x22, 0xff, 0x22, 0x7d]],
    ['an overlong sequence', [0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]],
    ['a surrogate in UTF-8', [0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]],
    ['UTF-16', [...Buffer.from('{"a":1}', 'utf16le')]],
  ])('that is %s is malformed', (_, bytes) => {
    expect(read(base64(bytes), 'application/json', true)).toEqual({ ok: false, failure: { reason: 'malformed_body' } })
  })

  // REQ-10
  test.each([
    ['one byte too many', `"${'a'.repeat(16_383)}"`, false],
    ['a megabyte', JSON.stringify({ username: 'a'.repeat(1_000_000) }), false],
    ['a megabyte of base64', base64(JSON.stringify({ username: 'a'.repeat(1_000_000) })), true],
    ['nesting without end', '['.repeat(500_000), false],
  ])('of %s is too long', (_, body, isBase64Encoded) => {
    expect(read(body, 'application/json', isBase64Encoded)).toEqual({ ok: false, failure: { reason: 'body_too_long' } })
  })

  test('may have 16,384 bytes', () => {
    const text = JSON.stringify({ a: 'a'.repeat(16_376) })

    expect(text).toHaveLength(16_384)
    expect(read(text)).toMatchObject({ ok: true })
    expect(read(base64(text), 'application/json', true)).toMatchObject({ ok: true })
    expect(read(base64(`${text} `), 'application/json', true)).toMatchObject({ ok: false })
  })

  test('may nest as deep as its length allows', () => {
    expect(read(`{"a":${'['.repeat(8000)}${']'.repeat(8000)}}`)).toMatchObject({ ok: true })
  })

  // REQ-9
  test('with __proto__ changes no prototype', () => {
    const body = read('{"__proto__":{"username":"ada"},"constructor":{"prototype":{"x":1}}}')

    expect(body.ok && Object.hasOwn(body.value, 'username')).toBe(false)
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })
})
