import { fold } from '../fold.ts'
import { fail, type Result, succeed } from '../result.ts'
import { commonPasswords } from './common-passwords.ts'
import { codePoints, longestPassword, type Password } from './password.ts'

/** What a new password must be. `minimumLength` counts code points; `serviceName` is refused as a password. */
export type PasswordPolicy = { readonly minimumLength: number; readonly serviceName: string }

export type PasswordRefusal =
  | { readonly reason: 'password_too_short'; readonly least: number }
  | { readonly reason: 'password_is_name' }
  | { readonly reason: 'password_is_service_name' }
  | { readonly reason: 'password_is_common' }

// A search through 250 KB takes less than building a set of them would, and costs nothing at load.
const isCommon = (folded: string): boolean => !folded.includes('\n') && commonPasswords.includes(`\n${folded}\n`)

/**
 * Holds a new password against the policy of NIST SP 800-63B-4 section 3.1.1.2: length alone, no composition rules,
 * and whole-password comparison with what is guessed first. `username` is in its canonical form.
 */
export function checkNewPassword(
  policy: PasswordPolicy,
  password: Password,
  username: string,
): Result<Password, PasswordRefusal> {
  if (codePoints(password) < policy.minimumLength)
    return fail({ reason: 'password_too_short', least: policy.minimumLength })
  const folded = fold(password)
  if (folded === username) return fail({ reason: 'password_is_name' })
  if (folded === fold(policy.serviceName)) return fail({ reason: 'password_is_service_name' })
  if (isCommon(folded)) return fail({ reason: 'password_is_common' })
  return succeed(password)
}

/** Why a new password was refused, in a sentence for the person who chose it. */
export function passwordRefusal(refusal: PasswordRefusal): string {
  switch (refusal.reason) {
    case 'password_too_short':
      return `A password has ${refusal.least} to ${longestPassword} characters.`
    case 'password_is_name':
      return 'A password must not be the name of its user.'
    case 'password_is_service_name':
      return 'A password must not be the name of the service.'
    case 'password_is_common':
      return 'This password is one of those that are tried first. Choose another.'
  }
}
