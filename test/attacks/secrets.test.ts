import { describe, expect, test } from '@jest/globals'
import { judgeLog } from './attacked-stack.ts'
import { createSecrets } from './secrets.ts'

const password = 'correct "horse"\nbattery ünd staple'
const base64 = (text: string) => Buffer.from(text).toString('base64')

// REQ-122: a search that finds nothing proves something only if it finds what is there.
describe('a secret in a text', () => {
  test.each([
    ['as it is', `log: ${password}!`],
    ['escaped in JSON', JSON.stringify({ reason: password })],
    ['in an address', `/login?password=${encodeURIComponent(password)}`],
    ['in hexadecimal', Buffer.from(`a${password}b`).toString('hex')],
    ['in base64', base64(password)],
    ['in base64 after one character', base64(`:${password}:`)],
    ['in base64 after two characters', base64(`a:${password}:b`)],
    ['in base64url', Buffer.from(`x${password}`).toString('base64url')],
  ])('is found %s', (_, text) => {
    const secrets = createSecrets()
    secrets.keep('password', password)

    expect(secrets.foundIn(text)).toEqual(['password'])
  })

  test('is found where it is a part of a token', () => {
    const secrets = createSecrets()
    secrets.keepToken('eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl')

    expect(secrets.foundIn('signature c2lnbmF0dXJl')).toEqual(['token'])
    expect(secrets.foundIn('header eyJhbGciOiJSUzI1NiJ9')).toEqual([])
  })

  test('is not found in a text without it, nor looked for if it is too short', () => {
    const secrets = createSecrets()
    secrets.keep('password', password, 'a')

    expect(secrets.foundIn('{"reason":"wrong_password","sub":"ada"}')).toEqual([])
    expect(secrets.count()).toBe(1)
  })
})

// REQ-122, REQ-123, REQ-131
test('a log with a forged line, a fault and a secret is told of each', () => {
  const secrets = createSecrets()
  secrets.keep('password', password)
  const good = 'login: {"status":200}'
  const forged = 'login: {"status":200}{"event":"forged"}'
  const fault = 'token: {"event":"sys_crash","status":500}'
  const leak = `login: ${JSON.stringify({ reason: password })}`

  expect(judgeLog([good, forged, fault, leak, ''].join('\n'), secrets)).toEqual({
    lines: 4,
    strange: [forged],
    faults: [fault],
    leaks: ['password'],
  })
})
