import { describe, expect, test } from '@jest/globals'
import { readConnectToken } from '../../../functions/http/authorizer/connect-token.ts'

const header = { headers: { Authorization: 'Bearer abc' } }
const offer = (value: string) => ({ headers: { 'Sec-WebSocket-Protocol': value } })
const query = { queryStringParameters: { access_token: 'abc' } }

describe('the token of a WebSocket', () => {
  test.each([
    ['the Authorization header', header],
    ['the subprotocol after bearer', offer('bearer, abc')],
    ['subprotocols without spaces', offer('bearer,abc')],
    ["subprotocols among which is the application's own", offer('chat, bearer, abc')],
    ["subprotocols that end with the application's own", offer('bearer, abc, chat')],
    [
      'a header beside subprotocols that hold none',
      { headers: { ...header.headers, 'sec-websocket-protocol': 'chat' } },
    ],
  ])('is read from %s', (_, event) => {
    expect(readConnectToken(event, false)).toBe('abc')
  })

  // REQ-70
  test.each([
    ['nothing', {}],
    ['a subprotocol alone', offer('abc')],
    ['bearer alone', offer('bearer')],
    ['bearer at the end', offer('abc, bearer')],
    ['another marker', offer('Bearer, abc')],
    ['two tokens', offer('bearer, abc, bearer, def')],
    ['a header and a subprotocol', { headers: { ...header.headers, 'Sec-WebSocket-Protocol': 'bearer, def' } }],
    ['a repeated header', { ...header, multiValueHeaders: { Authorization: ['Bearer abc', 'Bearer abc'] } }],
    ['the query, which no one asked for', query],
    ['a cookie', { headers: { Cookie: 'bearer=abc' } }],
  ])('is not read from %s', (_, event) => {
    expect(readConnectToken(event, false)).toBeUndefined()
  })

  test('is read from the query where that is asked for, if it stands there once and nowhere else', () => {
    const repeated = { multiValueQueryStringParameters: { access_token: ['def', 'abc'] } }

    expect(readConnectToken(query, true)).toBe('abc')
    expect(readConnectToken({ ...query, ...repeated }, true)).toBeUndefined()
    expect(readConnectToken({ ...query, ...header }, true)).toBeUndefined()
  })
})
