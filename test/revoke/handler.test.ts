import { describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { httpEvent } from '../support/builders/events.ts'
import { createService, formEvent, key } from '../support/builders/service.ts'
import { createTestKey, forge } from '../support/builders/signing-key.ts'

const another = await createTestKey()

/** The token with other claims, signed by our key or another one that calls itself ours. */
const signed = (token: string, changes: object, by = key): string =>
  forge(by, { alg: 'RS256', typ: 'at+jwt', kid: key.signer.kid }, { ...decodeJwt<object>(token), ...changes })

async function setUp() {
  const service = createService()
  const { accessToken, refreshToken } = await service.logIn()
  const { sub, sid } = decodeJwt(accessToken)
  return { ...service, accessToken, refreshToken, sub: `${sub}`, sid, lastLine: () => service.logged().at(-1) }
}

// REQ-90, REQ-121
describe('revoking a refresh token', () => {
  test('ends its session, at once and for good', async () => {
    const { revoke, refresh, refreshToken, sessions, sub, sid, lastLine } = await setUp()

    expect(await revoke(refreshToken)).toMatchObject({ status: 200, json: {} })
    const audit = { event: 'session_logout', outcome: 'success', status: 200, sub, sid, client_id: 'web' }
    expect(lastLine()).toMatchObject(audit)
    expect(await refresh(refreshToken)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
    expect((await sessions.listSessions(sub)).sessions).toEqual([])
  })

  test('may be done again, with the same answer', async () => {
    const { revoke, refreshToken, lastLine } = await setUp()
    const answers = [await revoke(refreshToken), await revoke(refreshToken)]

    expect(answers[1]).toEqual(answers[0])
    expect(lastLine()).toMatchObject({ event: 'session_logout', outcome: 'success', reason: 'unknown_session' })
  })

  test('that has been rotated meanwhile ends the session too', async () => {
    const { revoke, refresh, refreshToken, clock } = await setUp()
    const second = (await refresh(refreshToken)).json.refresh_token
    const third = (await refresh(second)).json.refresh_token
    clock.advance(3600)
    await revoke(refreshToken)

    expect(await refresh(third)).toMatchObject({ status: 400 })
  })

  test('keeps the other sessions', async () => {
    const { revoke, refresh, refreshToken, logIn } = await setUp()
    const { refreshToken: other } = await logIn()
    await revoke(refreshToken)

    expect(await refresh(other)).toMatchObject({ status: 200 })
  })

  test('can be asked for in JSON', async () => {
    const { revokeBy, refresh, refreshToken } = await setUp()
    const body = JSON.stringify({ token: refreshToken, client_id: 'web', token_type_hint: 'refresh_token' })

    expect(await revokeBy(httpEvent('POST /revoke', { body }))).toMatchObject({ status: 200 })
    expect(await refresh(refreshToken)).toMatchObject({ status: 400 })
  })

  // REQ-91
  test.each(['access_token', 'refresh_token', 'something_else'])('does not believe the hint %s', async (hint) => {
    const { revoke, refresh, refreshToken } = await setUp()

    expect(await revoke(refreshToken, { token_type_hint: hint })).toMatchObject({ status: 200 })
    expect(await refresh(refreshToken)).toMatchObject({ status: 400 })
  })

  // REQ-91
  test('is refused to another client, and ends nothing', async () => {
    const { revoke, refresh, refreshToken, lastLine } = await setUp()

    expect(await revoke(refreshToken, { client_id: 'mobile' })).toMatchObject({
      status: 400,
      json: { error: 'invalid_request', error_description: 'The token was issued to another client.' },
    })
    expect(lastLine()).toMatchObject({ event: 'session_logout', outcome: 'failure', reason: 'wrong_client' })
    expect(await refresh(refreshToken)).toMatchObject({ status: 200 })
  })
})

// REQ-90
describe('revoking an access token', () => {
  test('ends its session, at once and for good', async () => {
    const { revoke, refresh, accessToken, refreshToken, sub, sid, lastLine } = await setUp()

    expect(await revoke(accessToken, { token_type_hint: 'access_token' })).toMatchObject({ status: 200, json: {} })
    const audit = { event: 'session_logout', outcome: 'success', status: 200, sub, sid, client_id: 'web' }
    expect(lastLine()).toMatchObject(audit)
    expect(await refresh(refreshToken)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
    expect(await revoke(accessToken)).toMatchObject({ status: 200 })
    expect(lastLine()).toMatchObject({ reason: 'unknown_session' })
  })

  test('works long after it has expired', async () => {
    const { revoke, refresh, accessToken, refreshToken, clock } = await setUp()
    clock.advance(20 * 86_400)

    expect(await revoke(accessToken)).toMatchObject({ status: 200 })
    expect(await refresh(refreshToken)).toMatchObject({ status: 400 })
  })

  test('is refused to another client, and ends nothing', async () => {
    const { revoke, refresh, accessToken, refreshToken } = await setUp()

    expect(await revoke(accessToken, { client_id: 'mobile' })).toMatchObject({ status: 400 })
    expect(await refresh(refreshToken)).toMatchObject({ status: 200 })
  })
})

describe('revoking something else', () => {
  // REQ-91
  test.each(['x', 'a.b', '!', ' ', 'ä'])('that is no token (%j) is done already', async (text) => {
    const { revoke } = await setUp()

    expect(await revoke(text)).toMatchObject({ status: 200, json: {} })
  })

  test('that an access token shows ends nothing', async () => {
    const { revoke, refresh, refreshToken, sub, sid } = await setUp()
    const family = Buffer.from(`${sid}`, 'base64url').subarray(0, 16)
    const guess = Buffer.concat([Buffer.from(sub), family, Buffer.alloc(32)]).toString('base64url')

    expect(await revoke(guess)).toMatchObject({ status: 200 })
    expect(await refresh(refreshToken)).toMatchObject({ status: 200 })
  })

  test.each([
    ['changed', (token: string) => `${token.slice(0, -4)}AAAA`],
    ['of another key', (token: string) => signed(token, {}, another)],
    ['of another issuer', (token: string) => signed(token, { iss: 'https://evil.example.com' })],
    ['of another audience', (token: string) => signed(token, { aud: 'https://other.example.com' })],
    ['of no session', (token: string) => signed(token, { sid: undefined })],
    ['of a malformed session id', (token: string) => signed(token, { sid: '../EPOCH' })],
  ])('that is an access token %s ends nothing', async (_, make) => {
    const { revoke, refresh, accessToken, refreshToken } = await setUp()

    expect(await revoke(make(accessToken))).toMatchObject({ status: 200, json: {} })
    expect(await refresh(refreshToken)).toMatchObject({ status: 200 })
  })

  // REQ-147
  test.each([
    ['no token', '', 'token is missing.'],
    ['an empty token', 'token=', 'token is missing.'],
    [
      'two tokens',
      'token=a&token=b',
      'The body must be a form or a JSON object in UTF-8, without duplicate parameters.',
    ],
  ])('for want of a token is refused: %s', async (_, body, error_description) => {
    const { revokeBy } = await setUp()

    expect(await revokeBy(formEvent('POST /revoke', body))).toMatchObject({
      status: 400,
      json: { error: 'invalid_request', error_description },
    })
  })
})
