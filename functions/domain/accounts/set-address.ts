import { fail, type Result, succeed } from '../result.ts'
import { Unavailable } from '../unavailable.ts'
import type { AccountStore, AddressChange } from './account.ts'

/** `username` is a canonical identifier of the account, `address` a canonical e-mail address. */
type AddressSetting = { readonly username: string; readonly address: string; readonly isVerified: boolean }

export type SetAddressFailure = { readonly reason: 'unknown_user' | 'address_taken' }

export type SetAddress = (setting: AddressSetting) => Promise<Result<AddressChange, SetAddressFailure>>

type Dependencies = { readonly accounts: Pick<AccountStore, 'findSubject' | 'findAccount' | 'setAddress'> }

const maxTries = 5

/** Gives an account another address, or its first one, without a code. Subject, sessions and scope stay. */
export function createSetAddress({ accounts }: Dependencies): SetAddress {
  return async ({ username, address, isVerified }) => {
    for (let tries = 0; tries < maxTries; tries += 1) {
      const sub = await accounts.findSubject(username)
      const before = sub === undefined ? undefined : await accounts.findAccount(sub)
      if (!before) return fail({ reason: 'unknown_user' })
      const set = await accounts.setAddress(before, address, isVerified)
      if (set.ok) return succeed({ before, after: set.value })
      // Renamed since it was read, or given this address: decide again on what is there now.
      const isTaken = set.failure.reason === 'address_taken' && (await accounts.findSubject(address)) !== before.sub
      if (isTaken) return fail({ reason: 'address_taken' })
    }
    throw new Unavailable('The account kept changing while its address was being set.')
  }
}
