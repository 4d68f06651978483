import type { WrongCode } from '../domain/codes/codes.ts'
import type { PasswordRefusal } from '../domain/passwords/password-policy.ts'
import type { ThrottleFailure } from '../domain/throttling/throttle.ts'
import { type FormProblem, tooMany } from '../http/pages/parts/form-problem.ts'
import { passwordProblem } from '../http/pages/parts/password-problem.ts'
import type { ForgotContext } from './forgot-page.ts'

/** What is wrong with what was typed on /forgot. */
export function identifierProblem(
  { texts }: ForgotContext,
  failure: ThrottleFailure | { readonly reason: 'malformed_username' },
): FormProblem {
  return failure.reason === 'malformed_username'
    ? { problem: { field: 'username', text: texts.badIdentifier } }
    : tooMany(texts, failure)
}

export type NewPasswordFailure =
  | ThrottleFailure
  | PasswordRefusal
  | WrongCode
  | { readonly reason: 'malformed_new_password' }

/** What is wrong with what was typed on /forgot/confirm. */
export function newPasswordProblem({ texts, minimumLength }: ForgotContext, failure: NewPasswordFailure): FormProblem {
  switch (failure.reason) {
    case 'wrong_code':
      return { problem: { field: 'code', text: texts.wrongMailedCode } }
    case 'malformed_new_password':
      return refusedPassword(texts, texts.passwordLength(minimumLength))
    case 'account_locked':
    case 'address_limited':
      return tooMany(texts, failure)
    case 'password_too_short':
    case 'password_is_name':
    case 'password_is_service_name':
    case 'password_is_common':
      return refusedPassword(texts, passwordProblem(texts, failure))
  }
}

// The page never holds the code, which stays good.
const refusedPassword = ({ codeAgain }: ForgotContext['texts'], why: string): FormProblem => ({
  problem: { field: 'password', text: `${why} ${codeAgain}` },
})
