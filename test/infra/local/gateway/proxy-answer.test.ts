import { describe, expect, test } from '@jest/globals'
import { readProxyAnswer } from '../../../../infra/local/gateway/proxy-answer.ts'

const read = (returned: unknown) => {
  const { status, headers, body } = readProxyAnswer({ payload: JSON.stringify(returned) })
  return [status, headers, body.toString()]
}

const json = [['content-type', 'application/json']]
const text = [['content-type', 'text/plain; charset=utf-8']]
const serverError = [500, json, '{"message":"Internal Server Error"}']

describe('an answer with a statusCode', () => {
  test('has its status, headers and body, the names in lower case', () => {
    expect(read({ statusCode: 201, headers: { 'Content-Type': 'a/b', 'X-Y': 'z' }, body: 'c' })).toEqual([
      201,
      [
        ['content-type', 'a/b'],
        ['x-y', 'z'],
      ],
      'c',
    ])
  })

  test.each([
    ['is plain text without a content type', { statusCode: 200, body: '{}' }, [200, text, '{}']],
    ['may have its status as digits', { statusCode: '201' }, [201, text, '']],
    [
      'may have numbers and booleans for headers',
      { statusCode: 200, headers: { a: 1, b: true } },
      [200, [['a', '1'], ['b', 'true'], ...text], ''],
    ],
    [
      'may have null for what it leaves out',
      { statusCode: 200, headers: null, cookies: null, body: null, isBase64Encoded: null },
      [200, text, ''],
    ],
    [
      'may have members that mean nothing',
      { statusCode: 200, multiValueHeaders: { a: ['b'] }, more: 1 },
      [200, text, ''],
    ],
    [
      'is decoded from base64 if it says so',
      { statusCode: 200, body: 'YQ==', isBase64Encoded: true },
      [200, text, 'a'],
    ],
    ['is not decoded otherwise', { statusCode: 200, body: 'YQ==' }, [200, text, 'YQ==']],
    [
      'does not set the headers of the connection',
      {
        statusCode: 200,
        headers: {
          'Content-Length': '9',
          Connection: 'close',
          'Transfer-Encoding': 'chunked',
          Date: 'x',
          'Keep-Alive': 'x',
          Upgrade: 'x',
        },
      },
      [200, text, ''],
    ],
  ])('%s', (_, returned, answer) => {
    expect(read(returned)).toEqual(answer)
  })

  test('has its cookies each as a header, before one that it sets by hand', () => {
    expect(read({ statusCode: 200, cookies: ['a=1', 'b=2'], headers: { 'set-cookie': 'c=3' } })).toEqual([
      200,
      [['set-cookie', 'a=1'], ['set-cookie', 'b=2'], ['set-cookie', 'c=3'], ...text],
      '',
    ])
  })

  test.each([
    ['a word', { statusCode: 'test' }],
    ['a fraction', { statusCode: 200.5 }],
    ['zero', { statusCode: 0 }],
    ['null', { statusCode: null }],
    ['past all statuses', { statusCode: 600 }],
  ])('whose statusCode is %s is a 500', (_, returned) => {
    expect(read(returned)).toEqual(serverError)
  })

  test.each([
    ['cookies are no list', { statusCode: 200, cookies: 'a=1' }],
    ['body is no text', { statusCode: 200, body: { a: 1 } }],
    ['headers are lists', { statusCode: 200, headers: { a: ['b'] } }],
  ])('whose %s is a 500', (_, returned) => {
    expect(read(returned)).toEqual(serverError)
  })
})

describe('an answer without a statusCode', () => {
  test.each([
    ['an object', { a: 1 }, '{"a":1}'],
    ['an empty object', {}, '{}'],
    ['a text', 'hello', 'hello'],
    ['a list', [{ statusCode: 201 }], '[{"statusCode":201}]'],
    ['null', null, 'null'],
  ])('is JSON with status 200: %s', (_, returned, body) => {
    expect(read(returned)).toEqual([200, json, body])
  })

  test('but with an errorMessage looks like a Lambda error, a 500', () => {
    expect(read({ errorMessage: 'x' })).toEqual(serverError)
  })
})

test('a function error is a 500 that does not describe it', () => {
  const { status, body } = readProxyAnswer({ payload: '{"errorMessage":"secret"}', functionError: 'Unhandled' })

  expect([status, body.toString()]).toEqual([500, '{"message":"Internal Server Error"}'])
})

test('an answer that is beyond what Lambda gives is 413', () => {
  const payload = '{"errorType":"Function.ResponseSizeTooLarge"}'

  expect(readProxyAnswer({ payload, functionError: 'Unhandled' }).status).toBe(413)
})

// REQ-201
test.each([
  ['an answer of a function that cannot be read', 'Sandbox.UnreadableAnswer'],
  ['a function that cannot be started', 'Sandbox.NotStarted'],
])('%s is 502', (_, errorType) => {
  const payload = JSON.stringify({ errorType, errorMessage: 'x' })

  expect(readProxyAnswer({ payload, functionError: 'Unhandled' })).toMatchObject({ status: 502 })
})
