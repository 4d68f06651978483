import type { ConfirmRegistrationFailure } from '../domain/accounts/confirm-registration.ts'
import type { CreateAccountFailure } from '../domain/accounts/create-account.ts'
import type { ThrottleFailure } from '../domain/throttling/throttle.ts'
import { type FormProblem, tooMany } from '../http/pages/parts/form-problem.ts'
import { passwordProblem } from '../http/pages/parts/password-problem.ts'
import type { CodeFailure, TypedFailure } from './request.ts'
import type { SignUpContext } from './sign-up-page.ts'

/** Why /sign-up is shown again. */
export type FormFailure = TypedFailure | ThrottleFailure | CreateAccountFailure

const at = (field: 'username' | 'email' | 'password' | 'code', text: string): FormProblem => ({
  problem: { field, text },
})

/** What is wrong with what was typed on /sign-up, at the field that it is about. */
export function formProblem(
  { texts, withMail, minimumLength }: SignUpContext,
  failure: FormFailure,
  hasName: boolean,
): FormProblem {
  switch (failure.reason) {
    case 'malformed_username':
      return withMail && !hasName ? at('email', texts.badAddress) : at('username', texts.badName)
    case 'username_is_address':
    case 'second_address':
      return at('username', texts.nameIsAddress)
    case 'no_address':
    case 'address_not_mailable':
      return at('email', texts.badAddress)
    case 'malformed_password':
      return at('password', texts.passwordLength(minimumLength))
    case 'username_taken':
      return at('username', texts.nameTakenNow)
    case 'account_locked':
    case 'address_limited':
      return tooMany(texts, failure)
    case 'password_too_short':
    case 'password_is_name':
    case 'password_is_service_name':
    case 'password_is_common':
      return at('password', passwordProblem(texts, failure))
  }
}

/** What is wrong with what was typed on /sign-up/confirm. */
export function codeProblem(
  { texts }: SignUpContext,
  failure: CodeFailure | ThrottleFailure | ConfirmRegistrationFailure,
): FormProblem {
  switch (failure.reason) {
    case 'malformed_username':
      return at('username', texts.badName)
    case 'other_kind':
      return at('username', texts.nameIsAddress)
    case 'username_taken':
      return at('username', texts.nameTaken)
    case 'password_is_name':
      return at('username', texts.nameIsPassword)
    case 'account_locked':
    case 'address_limited':
      return tooMany(texts, failure)
    case 'malformed_member':
    case 'wrong_code':
      return at('code', texts.wrongMailedCode)
  }
}
