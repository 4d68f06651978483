import { describe, expect, test } from '@jest/globals'
import { readEnteredPassword, readPassword } from '../../../functions/domain/passwords/password.ts'
import { checkNewPassword, passwordRefusal } from '../../../functions/domain/passwords/password-policy.ts'

const policy = { minimumLength: 15, serviceName: 'The Orders Service' }

function check(text: string, username = 'ada', serviceName = policy.serviceName) {
  const password = readPassword(text)
  if (password === undefined) throw new Error('No password at all.')
  return checkNewPassword({ ...policy, serviceName }, password, [username])
}

describe('a password', () => {
  // REQ-4, REQ-34
  test.each([' ', '  leading and trailing  ', 'a', '💥', 'pass word', '\t', '"\\', 'ﬁ'])(
    'is taken as it was sent: %j',
    (sent) => {
      expect(readPassword(sent)).toBe(sent)
    },
  )

  // REQ-5
  test('is the same in its composed and its decomposed form', () => {
    expect(readPassword('cafe\u0301')).toBe(readPassword('caf\u00e9'))
  })

  // REQ-33, REQ-53
  test.each([
    ['empty', ''],
    ['NUL', 'abc\0def'],
    ['NUL at the end', 'abc\0'],
    ['half a character', 'abc\ud83d'],
    ['257 characters', 'a'.repeat(257)],
    ['a megabyte', 'a'.repeat(1_000_000)],
  ])('that is or holds %s is refused', (_, sent) => {
    expect(readPassword(sent)).toBeUndefined()
  })

  // REQ-32
  test('of 256 characters outside the first plane is taken', () => {
    expect(readPassword('💥'.repeat(256))).toBe('💥'.repeat(256))
  })

  test('of 256 letters is taken also where each is sent in four pieces', () => {
    expect(readPassword('\u03b1\u0313\u0300\u0345'.repeat(256))).toBe('\u1f82'.repeat(256))
  })
})

describe('an entered password', () => {
  test('keeps what was sent beside its composed form', () => {
    const [sent, password] = ['cafe\u0301', 'caf\u00e9']

    expect(readEnteredPassword(sent)).toEqual({ password, sent })
    expect(readEnteredPassword(password)).toEqual({ password, sent: password })
  })

  // REQ-33, REQ-53
  test.each(['', 'abc\0', 'abc\ud83d', 'a'.repeat(257)])('is refused like any other: %j', (sent) => {
    expect(readEnteredPassword(sent)).toBeUndefined()
  })
})

describe('a new password', () => {
  // REQ-31, REQ-32
  test.each([
    ['14 letters', 'abcdefghijklmn', false],
    ['15 letters', 'abcdefghijklmno', true],
    ['14 characters of two halves each', '💥'.repeat(14), false],
    ['15 characters of two halves each', '💥'.repeat(15), true],
    ['14 letters with accents, decomposed', 'e\u0301'.repeat(14), false],
  ])('of %s meets the minimum of 15: %s', (_, sent, ok) => {
    const tooShort = { ok: false, failure: { reason: 'password_too_short', min: 15 } }

    expect(check(sent)).toEqual(ok ? { ok: true, value: sent } : tooShort)
  })

  // REQ-34
  test.each(['aaaaaaaaaaaaaaaaaaaaaaab', '               ', '982451653982451653', 'alllowercaseletters'])(
    'needs no mixture of characters: %j',
    (sent) => {
      expect(check(sent)).toEqual({ ok: true, value: sent })
    },
  )

  // REQ-37, REQ-38
  test.each([
    ['ada lovelace king', 'ada lovelace king', 'password_is_name'],
    ['Ada Lovelace King', 'ada lovelace king', 'password_is_name'],
    ['the orders service', 'ada', 'password_is_service_name'],
    ['THE ORDERS SERVICE', 'ada', 'password_is_service_name'],
  ])('%j of the user %j is refused', (sent, username, reason) => {
    expect(check(sent, username)).toEqual({ ok: false, failure: { reason } })
  })

  test('is not the service’s name in other letters, though no user could be called so', () => {
    expect(check('THE  ORDERS  SERVICE', 'ada', 'The  Orders  Service')).toMatchObject({ ok: false })
  })

  // REQ-38: the whole password, not a part of it.
  test('may contain the name', () => {
    expect(check('ada lovelace king!', 'ada lovelace king')).toMatchObject({ ok: true })
  })

  // REQ-38
  test.each([
    [{ reason: 'password_too_short', min: 15 }, 'A password must have 15 to 256 characters.'],
    [{ reason: 'password_is_name' }, 'A password must not be the username.'],
    [{ reason: 'password_is_service_name' }, 'A password must not be the name of the service.'],
  ] as const)('that is refused for %j is refused with a sentence that says so', (refusal, sentence) => {
    expect(passwordRefusal(refusal)).toBe(sentence)
  })
})
