import { timingSafeEqual } from 'node:crypto'
import { fail, type Result } from '../../result.ts'
import type { HashPart } from './hash-part.ts'

/** A password hash with costs within bounds; nothing is computed until `derive`. */
export type StoredHash = {
  readonly expected: Uint8Array
  readonly derive: (password: string) => Promise<Uint8Array>
  /** How many bytes of a password the scheme reads, if it ignores the rest. */
  readonly maxBytes?: number
  /** What another system needs to compute the same; undefined where only this scheme's own system can. */
  readonly recipe?: Recipe
  /** Only for digests that are too fast to be stored: the hash with its key zeroed, so that the same reader reads it. */
  readonly blank?: string
}

/** How `expected` is derived from a password. `text` is the whole hash in the form that crypt(3) reads. */
export type Recipe =
  | {
      readonly kind: 'argon2'
      readonly variant: 'argon2id' | 'argon2i'
      readonly costs: { readonly m: number; readonly t: number; readonly p: number }
      readonly salt: Uint8Array
    }
  | {
      readonly kind: 'scrypt'
      readonly N: number
      readonly r: number
      readonly p: number
      readonly salt: Uint8Array
    }
  | { readonly kind: 'pbkdf2'; readonly digest: string; readonly rounds: number; readonly salt: Uint8Array }
  | { readonly kind: 'bcrypt' | 'sha-crypt'; readonly text: string }

export type ReadHash = Result<StoredHash, HashPart>

/** A form of password hashes that one system or library writes. */
export type Scheme = {
  readonly name: string
  /** Matches every hash of the scheme by how it begins or what it looks like, even if a part of it is faulty. */
  readonly form: RegExp
  /** The hash, or its first part that cannot be read or is out of bounds. Only called with a text of the form. */
  readonly read: (text: string) => ReadHash
}

// No scheme's hash is longer; a regular expression never sees more.
const maxHashLength = 512

/** Undefined for a hash of none of these schemes. */
export function readWith(schemes: readonly Scheme[], text: string): ReadHash | undefined {
  if (text.length > maxHashLength) return fail('scheme')
  if (/\s/.test(text)) return fail('blanks')
  return schemes.find(({ form }) => form.test(text))?.read(text)
}

export async function matchesHash(password: string, { expected, derive }: StoredHash): Promise<boolean> {
  const derived = await derive(password)
  return derived.length === expected.length && timingSafeEqual(derived, expected)
}
