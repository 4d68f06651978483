import { argon2, randomBytes } from 'node:crypto'
import type { Password } from '../password.ts'
import { type Bcrypt, bcryptReader } from './bcrypt.ts'
import { readDjangoHash, readWerkzeugHash } from './frameworks.ts'
import { formatPhc, type Phc } from './phc.ts'
import { readPhcHash } from './phc-hash.ts'
import { matchesHash, type ReadHash, type StoredHash } from './stored-hash.ts'

/** Makes and verifies password hashes. `decoy` matches no password and costs what a new hash costs. */
export type PasswordHasher = {
  readonly hash: (password: Password) => Promise<string>
  /** False for a stored text that cannot be read or whose cost is out of bounds, before anything is computed. */
  readonly verify: (password: Password, stored: string) => Promise<boolean>
  /** Whether `verify` could ever be true: the text can be read, and its cost is within bounds. */
  readonly isVerifiable: (stored: string) => boolean
  /**
   * Whether a hash that a password has just matched should be made anew from it: it is of another scheme or cost than
   * new ones (a costlier one too, or its time would tell it from the decoy), and the whole password was compared.
   */
  readonly isRenewable: (password: Password, stored: string) => boolean
  readonly decoy: string
}

type Scheme = Pick<Phc, 'id' | 'version' | 'parameters'> & { readonly decoy: string }

// OWASP's first choice: 19 MiB, two passes, one lane (Password Storage Cheat Sheet, ASVS 5.0 appendix C).
const argon2id: Scheme = {
  id: 'argon2id',
  version: 19,
  parameters: { m: 19456, t: 2, p: 1 },
  decoy: '$argon2id$v=19$m=19456,t=2,p=1$DYLQABkJ1pI+GzlhVzAmqQ$Q/FR72ciJl7nCXmHrroeSfVfiiKZFqtp1u38oQgpMiM',
}

// For a runtime without argon2 (Node before 24.7, or OpenSSL before 3.2).
const scrypt: Scheme = {
  id: 'scrypt',
  parameters: { ln: 14, r: 8, p: 5 },
  decoy: '$scrypt$ln=14,r=8,p=5$NAblP5syy7OD00S8SIUCtA$JM35wIOLZ+9jPYStroRsYY8MFsZKzcVxOY0YbF37Wzg',
}

// No scheme's text is longer; a regular expression never sees more.
const longestText = 512

function readerOf(bcrypt: Bcrypt | undefined): ReadHash {
  const readers = [readPhcHash, readWerkzeugHash, readDjangoHash, ...(bcrypt ? [bcryptReader(bcrypt)] : [])]
  return (text) => {
    if (text.length > longestText) return undefined
    return readers.reduce<StoredHash | undefined>((found, read) => found ?? read(text), undefined)
  }
}

/**
 * The hasher that this runtime can offer: argon2id, or scrypt where `node:crypto` lacks it. It verifies besides what
 * Werkzeug, Django, passlib and others have made, bcrypt only where it is given one.
 */
export function createPasswordHasher(
  bcrypt?: Bcrypt,
  newSalt: () => Uint8Array = () => randomBytes(16),
): PasswordHasher {
  const { decoy, ...scheme } = typeof argon2 === 'function' ? argon2id : scrypt
  const read = readerOf(bcrypt)
  // All but salt and key: what two hashes of one scheme and cost have in common.
  const present = decoy.slice(0, decoy.split('$', scheme.version === undefined ? 3 : 4).join('$').length + 1)
  return {
    decoy,
    hash: async (password) => {
      const blank: Phc = { ...scheme, salt: newSalt(), hash: new Uint8Array(32) }
      const empty = readPhcHash(formatPhc(blank))
      if (!empty) throw new TypeError('The scheme of new hashes is out of its own bounds.')
      return formatPhc({ ...blank, hash: await empty.derive(password) })
    },
    verify: async (password, stored) => {
      const hash = read(stored)
      return hash !== undefined && matchesHash(password, hash)
    },
    isVerifiable: (stored) => read(stored) !== undefined,
    isRenewable: (password, stored) => {
      const { longest = Number.POSITIVE_INFINITY } = read(stored) ?? {}
      return !stored.startsWith(present) && Buffer.byteLength(password) <= longest
    },
  }
}
