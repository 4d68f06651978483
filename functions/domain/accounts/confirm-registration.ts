import type { Clock } from '../clock.ts'
import type { Codes, WrongCode } from '../codes/codes.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import { readPassword } from '../passwords/password.ts'
import type { PasswordRefusal } from '../passwords/password-policy.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { Account } from './account.ts'
import type { ConfirmationStore } from './confirmation-store.ts'
import { kindOf } from './identifier.ts'

/** `username` is a canonical identifier that takes the place of the one in the registration. */
type Confirmation = { readonly ticket: string; readonly code: string; readonly username?: string }

/** All but `wrong_code` leave the code good for another name; `other_kind` says that the name is an address. */
export type ConfirmRegistrationFailure =
  | WrongCode
  | { readonly reason: 'username_taken' | 'other_kind' }
  | Extract<PasswordRefusal, { readonly reason: 'password_is_name' }>

export type ConfirmRegistration = (confirmation: Confirmation) => Promise<Result<Account, ConfirmRegistrationFailure>>

type Dependencies = {
  readonly codes: Pick<Codes, 'tryCode'>
  readonly confirmations: Pick<ConfirmationStore, 'confirmAccount'>
  readonly hasher: Pick<PasswordHasher, 'verify'>
  /** Of new accounts. */
  readonly scope: readonly string[]
  readonly clock: Clock
  readonly newId: () => string
}

/** Creates the account of a registration when its address is confirmed; until then it holds neither address nor name. */
export function createConfirmRegistration(dependencies: Dependencies): ConfirmRegistration {
  const { codes, confirmations, hasher, scope, clock, newId } = dependencies
  return async ({ ticket, code, username }) => {
    if (username !== undefined && kindOf(username) !== 'name') return fail({ reason: 'other_kind' })
    const tried = await codes.tryCode('register', ticket, code)
    if (!tried.ok) return tried
    const { address, username: registered, passwordHash } = tried.value.payload
    // The name of the registration was compared with the password itself. Of another there is only the hash to ask.
    const asPassword = username === undefined ? undefined : readPassword(username)
    if (asPassword !== undefined && (await hasher.verify(asPassword, passwordHash)))
      return fail({ reason: 'password_is_name' })
    const name = username ?? registered
    const account = {
      sub: newId(),
      identifiers: name === undefined ? [address] : [name, address],
      emailVerified: true,
      scope,
      disabled: false,
      createdAt: Math.floor(clock()),
    }
    const confirmed = await confirmations.confirmAccount(account, tried.value)
    if (confirmed.ok) return succeed(account)
    // An address that another registration confirmed first says no more than a code that was used.
    return confirmed.failure.reason === 'username_taken'
      ? fail({ reason: 'username_taken' })
      : fail({ reason: 'wrong_code', isLast: false })
  }
}
