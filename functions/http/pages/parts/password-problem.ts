import type { PasswordRefusal } from '../../../domain/passwords/password-policy.ts'
import type { Texts } from '../texts/texts.ts'

/** Why a new password was refused, for the person who chose it. */
export function passwordProblem(texts: Texts, refusal: PasswordRefusal): string {
  switch (refusal.reason) {
    case 'password_too_short':
      return texts.passwordLength(refusal.min)
    case 'password_is_name':
      return texts.passwordIsName
    case 'password_is_service_name':
      return texts.passwordIsServiceName
    case 'password_is_common':
      return texts.passwordIsCommon
  }
}
