import { argon2, randomBytes } from 'node:crypto'
import { fail, type Result, succeed } from '../../result.ts'
import type { Password } from '../password.ts'
import { argon2Hash } from './argon2.ts'
import { type Bcrypt, bcryptReader } from './bcrypt.ts'
import { readDjangoHash } from './django.ts'
import type { HashFailure } from './hash-part.ts'
import { formatPhc, readPhcHash } from './phc.ts'
import { scryptHash } from './scrypt.ts'
import { matchesHash, type ReadHash, type StoredHash } from './stored-hash.ts'
import { readWerkzeugHash } from './werkzeug.ts'

/** Computes and verifies password hashes. `decoy` matches no password and costs what a new hash costs. */
export type PasswordHasher = {
  readonly hash: (password: Password) => Promise<string>
  /** False for a stored hash that cannot be read or whose cost is out of bounds, before anything is computed. */
  readonly verify: (password: Password, stored: string) => Promise<boolean>
  /** What to store of a hash that another system made, or the first part of it that `verify` could not use. */
  readonly prepareImport: (hash: string) => Promise<Result<string, HashFailure>>
  /**
   * Whether a hash that a password has just matched should be replaced: it is of another scheme or cost than new ones (a
   * higher cost too, because its time would tell it from the decoy), and the whole password was compared.
   */
  readonly isRenewable: (password: Password, stored: string) => boolean
  readonly decoy: string
}

/** How new hashes are made. `prefix` is everything before the salt, the same for all of them. */
type Scheme = {
  readonly id: string
  readonly version?: number
  readonly parameters: Readonly<Record<string, number>>
  readonly prefix: string
  readonly decoy: string
  readonly derive: (password: Password, salt: Uint8Array) => Promise<Uint8Array>
}

const keyBytes = new Uint8Array(32)

function derive(hash: StoredHash | undefined, password: Password): Promise<Uint8Array> {
  if (!hash) throw new TypeError('The scheme of new hashes is out of its own bounds.')
  return hash.derive(password)
}

// OWASP's first choice: 19 MiB, two passes, one lane (Password Storage Cheat Sheet, ASVS 5.0 appendix C).
const argon2Costs = { m: 19456, t: 2, p: 1 }
const argon2id: Scheme = {
  id: 'argon2id',
  version: 19,
  parameters: argon2Costs,
  prefix: '$argon2id$v=19$m=19456,t=2,p=1$',
  decoy: '$argon2id$v=19$m=19456,t=2,p=1$DYLQABkJ1pI+GzlhVzAmqQ$Q/FR72ciJl7nCXmHrroeSfVfiiKZFqtp1u38oQgpMiM',
  derive: (password, salt) => derive(argon2Hash({ variant: 'argon2id', ...argon2Costs }, salt, keyBytes), password),
}

// For a runtime without argon2 (Node before 24.7, or OpenSSL before 3.2).
const scrypt: Scheme = {
  id: 'scrypt',
  parameters: { ln: 14, r: 8, p: 5 },
  prefix: '$scrypt$ln=14,r=8,p=5$',
  decoy: '$scrypt$ln=14,r=8,p=5$NAblP5syy7OD00S8SIUCtA$JM35wIOLZ+9jPYStroRsYY8MFsZKzcVxOY0YbF37Wzg',
  derive: (password, salt) => derive(scryptHash({ N: 2 ** 14, r: 8, p: 5 }, salt, keyBytes), password),
}

// No scheme's hash is longer; a regular expression never sees more.
const maxHashLength = 512

function readerOf(bcrypt: Bcrypt | undefined): ReadHash {
  const readers = [readPhcHash, readWerkzeugHash, readDjangoHash, ...(bcrypt ? [bcryptReader(bcrypt)] : [])]
  return (text) => {
    if (text.length > maxHashLength) return undefined
    return readers.reduce<StoredHash | undefined>((found, read) => found ?? read(text), undefined)
  }
}

/**
 * The best hasher of this runtime: argon2id, or scrypt where `node:crypto` lacks it. It also verifies the hashes of
 * Werkzeug, Django, passlib and others, and those of bcrypt only where it is given one.
 */
export function createPasswordHasher(
  bcrypt?: Bcrypt,
  newSalt: () => Uint8Array = () => randomBytes(16),
): PasswordHasher {
  const { prefix: currentPrefix, decoy, ...scheme } = typeof argon2 === 'function' ? argon2id : scrypt
  const read = readerOf(bcrypt)
  return {
    decoy,
    hash: async (password) => {
      const salt = newSalt()
      return formatPhc({ ...scheme, salt, hash: await scheme.derive(password, salt) })
    },
    verify: async (password, stored) => {
      const hash = read(stored)
      return hash !== undefined && matchesHash(password, hash)
    },
    prepareImport: async (hash) => (read(hash) ? succeed(hash) : fail({ reason: 'unverifiable_hash', part: 'scheme' })),
    isRenewable: (password, stored) => {
      const { maxBytes = Number.POSITIVE_INFINITY } = read(stored) ?? {}
      return !stored.startsWith(currentPrefix) && Buffer.byteLength(password) <= maxBytes
    },
  }
}
