import { type Factors, noFactors } from '../../../domain/factors/factors.ts'
import type { Passkey } from '../../../domain/factors/passkeys.ts'
import type { StoredCredentials } from '../../../domain/sign-in/factor-store.ts'
import { toPassword } from '../accounts/password-renewal.ts'
import { factorsKey, passkeyKey, passwordKey, recoveryKey, totpKey } from '../table/keys.ts'
import type { Item } from '../table/table.ts'

// Password, factors and recovery codes are items of one partition, read by one query. FACTORS holds what they share: the
// version, the last time step that was used, and the failures. It stays when the last factor goes, so that no step is ever
// used again.

const kinds = {
  password: passwordKey('').sk,
  factors: factorsKey('').sk,
  totp: totpKey('').sk,
  recovery: recoveryKey('').sk,
  passkey: passkeyKey('', '').sk.slice(0, 'PASSKEY#'.length),
}

const incomplete = (what: string): TypeError => new TypeError(`${what} in the table lacks a field.`)

function toVersion({ version }: Item): number {
  if (typeof version !== 'number') throw incomplete('The state of factors')
  return version
}

function toTotp({ secret, createdAt }: Item): Factors['totp'] {
  if (typeof secret !== 'string' || typeof createdAt !== 'number') throw incomplete('An authenticator app')
  return { secret, createdAt }
}

// A set that became empty is no attribute any more.
function toRecoveryCodes({ codes = new Set() }: Item): readonly string[] {
  if (!(codes instanceof Set)) throw incomplete('A list of recovery codes')
  return [...codes]
}

function toPasskey({ pk: _, sk: __, ...passkey }: Item): Passkey {
  const { id, publicKey, counter, backupEligible, backedUp, userHandle, name, createdAt, lastUsedAt } = passkey
  const isComplete =
    typeof id === 'string' &&
    typeof publicKey === 'string' &&
    typeof counter === 'number' &&
    typeof backupEligible === 'boolean' &&
    typeof backedUp === 'boolean' &&
    typeof userHandle === 'string' &&
    typeof name === 'string' &&
    typeof createdAt === 'number' &&
    typeof lastUsedAt === 'number'
  if (!isComplete) throw incomplete('A passkey')
  return passkey as Passkey
}

/** What the items of an account's partition say. @throws TypeError for an item that lacks a field. */
export function toCredentials(items: readonly Item[]): StoredCredentials {
  const find = (sk: string): Item | undefined => items.find((item) => item['sk'] === sk)
  const [password, state, totp, recovery] = [kinds.password, kinds.factors, kinds.totp, kinds.recovery].map(find)
  const passkeys = items.filter((item) => String(item['sk']).startsWith(kinds.passkey)).map(toPasskey)
  return {
    password: password && toPassword(password),
    factors: {
      version: state ? toVersion(state) : noFactors.version,
      totp: totp && toTotp(totp),
      passkeys,
      recoveryCodes: recovery ? toRecoveryCodes(recovery) : [],
    },
  }
}
