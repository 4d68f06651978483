import type { Codes, WrongCode } from '../codes/codes.ts'
import { fail, type Result, succeed } from '../result.ts'
import { Unavailable } from '../unavailable.ts'
import type { AccountStore, AddressChange } from './account.ts'
import type { ConfirmationStore } from './confirmation-store.ts'

/** `sub` is the caller's, from our authorizer. */
type Confirmation = { readonly sub: string; readonly ticket: string; readonly code: string }

export type ConfirmAddress = (confirmation: Confirmation) => Promise<Result<AddressChange, WrongCode>>

type Dependencies = {
  readonly codes: Pick<Codes, 'tryCode'>
  readonly accounts: Pick<AccountStore, 'findAccount'>
  readonly confirmations: Pick<ConfirmationStore, 'confirmAddress'>
}

const maxTries = 5

/**
 * Changes the address of the caller's account to the one that a code was mailed to. An address that another account has
 * taken meanwhile fails like a wrong code.
 */
export function createConfirmAddress({ codes, accounts, confirmations }: Dependencies): ConfirmAddress {
  const wrongCode = fail({ reason: 'wrong_code', isLast: false } as const)
  return async ({ sub, ticket, code }) => {
    const tried = await codes.tryCode('email', ticket, code)
    if (!tried.ok) return tried
    if (tried.value.payload.sub !== sub) return wrongCode
    for (let tries = 0; tries < maxTries; tries += 1) {
      const before = await accounts.findAccount(sub)
      if (!before) return wrongCode
      const confirmed = await confirmations.confirmAddress(before, tried.value)
      if (confirmed.ok) return succeed({ before, after: confirmed.value })
      if (confirmed.failure.reason !== 'changed_meanwhile') return wrongCode
      // Renamed since it was read: decide again on what is there now.
    }
    throw new Unavailable('The account kept changing while its address was being changed.')
  }
}
