import type { Clock } from '../clock.ts'
import type { Codes, WrongCode } from '../codes/codes.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { Account } from './account.ts'
import type { ConfirmationStore } from './confirmation-store.ts'
import { kindOf } from './identifier.ts'

/** `username` is a canonical identifier that takes the place of the one in the registration. */
type Confirmation = { readonly ticket: string; readonly code: string; readonly username?: string }

/** `username_taken` and `other_kind` (the name is an address) leave the code good for another name. */
export type ConfirmRegistrationFailure = WrongCode | { readonly reason: 'username_taken' | 'other_kind' }

export type ConfirmRegistration = (confirmation: Confirmation) => Promise<Result<Account, ConfirmRegistrationFailure>>

type Dependencies = {
  readonly codes: Pick<Codes, 'tryCode'>
  readonly confirmations: Pick<ConfirmationStore, 'confirmAccount'>
  /** Of new accounts. */
  readonly scope: readonly string[]
  readonly clock: Clock
  readonly newId: () => string
}

/** Creates the account of a registration when its address is confirmed; until then it holds neither address nor name. */
export function createConfirmRegistration(dependencies: Dependencies): ConfirmRegistration {
  const { codes, confirmations, scope, clock, newId } = dependencies
  return async ({ ticket, code, username }) => {
    if (username !== undefined && kindOf(username) !== 'name') return fail({ reason: 'other_kind' })
    const tried = await codes.tryCode('register', ticket, code)
    if (!tried.ok) return tried
    const { address, username: registered } = tried.value.payload
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
