import { argon2, randomBytes } from 'node:crypto'
import { fail, type Result, succeed } from '../../result.ts'
import type { Password } from '../password.ts'
import { createCommonSchemes } from './common-schemes.ts'
import type { HashFailure } from './hash-part.ts'
import { argon2Hash } from './primitives/argon2.ts'
import type { Bcrypt } from './primitives/bcrypt.ts'
import { scryptHash } from './primitives/scrypt.ts'
import { matchesHash, type ReadHash, readWith } from './scheme.ts'
import { formatPhc } from './schemes/phc.ts'

/** Computes and verifies password hashes. `decoy` matches no password and costs what a new hash costs. */
export type PasswordHasher = {
  readonly hash: (password: Password) => Promise<string>
  /**
   * False for a stored hash that cannot be read or with a cost out of bounds, before anything is computed. An imported hash
   * is compared with the password as it was `sent` first, because the other system may have hashed it without NFC.
   */
  readonly verify: (password: Password, stored: string, sent?: string) => Promise<boolean>
  /**
   * What to store of a hash that another system made, or the first part of it that `verify` could not use. Undefined if the
   * account has no password there: an empty hash, or Django's and shadow's `!`.
   */
  readonly prepareImport: (hash: string) => Promise<Result<string | undefined, HashFailure>>
  /**
   * Whether a hash that a password has just matched should be replaced: it is of another scheme or cost than new ones (a
   * higher cost too, because its time would tell it from the decoy), and the whole password was compared.
   */
  readonly isRenewable: (password: Password, stored: string, sent?: string) => Promise<boolean>
  readonly decoy: string
}

/** How new hashes are made. `prefix` is everything before the salt, the same for all of them. */
type CurrentScheme = {
  readonly id: string
  readonly version?: number
  readonly parameters: Readonly<Record<string, number>>
  readonly prefix: string
  readonly decoy: string
  readonly derive: (password: string, salt: Uint8Array) => Promise<Uint8Array>
}

const keyBytes = succeed(new Uint8Array(32))

function derive(hash: ReadHash, password: string): Promise<Uint8Array> {
  if (!hash.ok) throw new TypeError('The scheme of new hashes is out of its own bounds.')
  return hash.value.derive(password)
}

// OWASP's first choice: 19 MiB, two passes, one lane (Password Storage Cheat Sheet, ASVS 5.0 appendix C).
const argon2Costs = { m: 19456, t: 2, p: 1 }
const argon2id: CurrentScheme = {
  id: 'argon2id',
  version: 19,
  parameters: argon2Costs,
  prefix: '$argon2id$v=19$m=19456,t=2,p=1$',
  decoy: '$argon2id$v=19$m=19456,t=2,p=1$DYLQABkJ1pI+GzlhVzAmqQ$Q/FR72ciJl7nCXmHrroeSfVfiiKZFqtp1u38oQgpMiM',
  derive: (password, salt) =>
    derive(argon2Hash({ variant: 'argon2id', ...argon2Costs }, succeed(salt), keyBytes), password),
}

// For a runtime without argon2 (Node before 24.7, or OpenSSL before 3.2).
const scrypt: CurrentScheme = {
  id: 'scrypt',
  parameters: { ln: 14, r: 8, p: 5 },
  prefix: '$scrypt$ln=14,r=8,p=5$',
  decoy: '$scrypt$ln=14,r=8,p=5$NAblP5syy7OD00S8SIUCtA$JM35wIOLZ+9jPYStroRsYY8MFsZKzcVxOY0YbF37Wzg',
  derive: (password, salt) => derive(scryptHash({ N: 2 ** 14, r: 8, p: 5 }, succeed(salt), keyBytes), password),
}

/**
 * The best hasher of this runtime: argon2id, or scrypt where `node:crypto` lacks it. It also verifies the hashes of
 * Werkzeug, Django, WordPress and others (docs/hashes.md), and those of bcrypt only where it is given one.
 */
export function createPasswordHasher(
  bcrypt?: Bcrypt,
  newSalt: () => Uint8Array = () => randomBytes(16),
): PasswordHasher {
  const { prefix: currentPrefix, decoy, ...scheme } = typeof argon2 === 'function' ? argon2id : scrypt
  const commonSchemes = createCommonSchemes(bcrypt)
  const read = async (text: string): Promise<ReadHash> => {
    const common = readWith(commonSchemes, text)
    if (common) return common
    const { createRareSchemes } = await import('./rare-schemes.ts')
    return readWith(createRareSchemes(bcrypt), text) ?? fail('scheme')
  }
  const hash = async (password: string): Promise<string> => {
    const salt = newSalt()
    return formatPhc({ ...scheme, salt, key: await scheme.derive(password, salt) })
  }
  return {
    decoy,
    hash,
    verify: async (password, stored, sent = password) => {
      const found = await read(stored)
      if (!found.ok) return false
      // Our own hashes are of NFC, and nothing else is worth their time.
      const isOwn = stored.startsWith(currentPrefix)
      if (isOwn || sent === password) return matchesHash(password, found.value)
      return (await matchesHash(sent, found.value)) || matchesHash(password, found.value)
    },
    prepareImport: async (text) => {
      if (text === '' || text.startsWith('!')) return succeed(undefined)
      const found = await read(text)
      if (!found.ok) return fail({ reason: 'unverifiable_hash', part: found.failure })
      if (found.value.blank === undefined) return succeed(text)
      const { wrapFast } = await import('./rare-schemes.ts')
      return succeed(await wrapFast(found.value, hash))
    },
    isRenewable: async (password, stored, sent = password) => {
      if (stored.startsWith(currentPrefix)) return false
      const found = await read(stored)
      const { maxBytes = Number.POSITIVE_INFINITY } = found.ok ? found.value : {}
      return [password, sent].every((text) => Buffer.byteLength(text) <= maxBytes)
    },
  }
}
