import { describe, expect, test } from '@jest/globals'
import commonPasswords from '../../../functions/domain/passwords/common-passwords.txt'
import { readPassword } from '../../../functions/domain/passwords/password.ts'
import { checkNewPassword, passwordRefusal } from '../../../functions/domain/passwords/password-policy.ts'

const list = commonPasswords.trimEnd().split('\n')

function reasonOf(text: string, minimumLength: number) {
  const password = readPassword(text)
  if (password === undefined) throw new Error('No password at all.')
  const checked = checkNewPassword({ minimumLength, serviceName: 'Latchkey' }, password, ['ada'])
  return checked.ok ? 'good' : checked.failure.reason
}

// REQ-35
describe('the list of common passwords', () => {
  test.each([
    [8, 3000],
    [12, 3000],
    [15, 3000],
    [17, 2900],
    [20, 1000],
  ])('holds for a minimum of %d characters at least %d', (minimum, count) => {
    expect(list.filter((entry) => entry.length >= minimum).length).toBeGreaterThanOrEqual(count)
  })

  test('names no password twice, and each in the form in which it is looked up', () => {
    expect(new Set(list).size).toBe(list.length)
    expect(list.filter((entry) => reasonOf(entry, 8) !== 'password_is_common')).toEqual([])
  })
})

describe('a common password', () => {
  test.each([
    ['password', 8],
    ['12345678', 8],
    ['qwertyuiop', 8],
    ['1qaz2wsx3edc4rfv', 15],
    ['123456789qwerty', 15],
    ['passwordpassword', 15],
    ['11111111111111111111', 15],
  ])('%j is refused at a minimum of %d characters', (text, minimum) => {
    expect(reasonOf(text, minimum)).toBe('password_is_common')
  })

  test.each(['PasswordPassword', 'PASSWORDPASSWORD', 'ｐａｓｓｗｏｒｄｐａｓｓｗｏｒｄ'])(
    'is refused in any spelling: %s',
    (text) => {
      expect(reasonOf(text, 15)).toBe('password_is_common')
    },
  )

  // REQ-38
  test.each(['passwordpassword!', 'my passwordpassword', '1qaz2wsx3edc4rfv\n1qaz2wsx3edc4rfv', 'password\npassword1'])(
    'may be a part of a password: %j',
    (text) => {
      expect(reasonOf(text, 15)).toBe('good')
    },
  )

  test('is told to be one', () => {
    expect(passwordRefusal({ reason: 'password_is_common' })).toBe('This password is too common. Choose another.')
  })
})
