import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { Password } from '../passwords/password.ts'
import type { PasswordStore } from '../passwords/password-store.ts'
import type { KnownDevices } from '../throttling/known-devices.ts'
import type { Throttle } from '../throttling/throttle.ts'
import type { Authenticated } from './authenticate.ts'

type Used = {
  readonly username: string
  readonly password: Password
  readonly sent?: string | undefined
  readonly rememberDevice?: boolean
}

/** What follows a right password, beside the session that it starts. Returns the token of a device to remember. */
export type RecordSuccess = (authenticated: Authenticated, used: Used) => Promise<string | undefined>

type Dependencies = {
  readonly passwords: Pick<PasswordStore, 'renewHash' | 'confirmHash'>
  readonly hasher: Pick<PasswordHasher, 'hash' | 'isRenewable'>
  readonly throttle: Pick<Throttle, 'clear'>
  readonly knownDevices: Pick<KnownDevices, 'clear' | 'add'>
}

/**
 * Clears the failures that the attempt was counted on, and only those: a known device says nothing about the guesses of
 * others. Replaces an imported or outdated hash by a new one of the same password. An imported account is no longer one
 * that `import-users --update` changes.
 */
export function createRecordSuccess({ passwords, hasher, throttle, knownDevices }: Dependencies): RecordSuccess {
  // A password change in the meantime wins: the write only replaces the hash that was matched, or only confirms that one.
  const keepPassword = async (authenticated: Authenticated, { password, sent }: Used): Promise<void> => {
    const { account, passwordHash, isImported } = authenticated
    if (await hasher.isRenewable(password, passwordHash, sent))
      await passwords.renewHash(account.sub, passwordHash, await hasher.hash(password))
    else if (isImported) await passwords.confirmHash(account.sub, passwordHash)
  }
  const clearAndRemember = async (
    { account: { sub }, epoch, knownDevice }: Authenticated,
    { username, rememberDevice = false }: Used,
  ): Promise<string | undefined> => {
    if (knownDevice === undefined) {
      const added = rememberDevice ? knownDevices.add(sub, epoch) : undefined
      const [token] = await allSettledThenThrow([added, throttle.clear({ identifier: username })])
      return token
    }
    const isStillKnown = await knownDevices.clear(knownDevice, sub, rememberDevice)
    if (!rememberDevice) return undefined
    return isStillKnown ? knownDevice : knownDevices.add(sub, epoch)
  }
  return async (authenticated, used) => {
    const [deviceToken] = await allSettledThenThrow([
      clearAndRemember(authenticated, used),
      keepPassword(authenticated, used),
    ])
    return deviceToken
  }
}
