import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { isSound, isWithin, type StoredHash } from './stored-hash.ts'

/** PBKDF2 (RFC 8018 section 5.2) with HMAC and this digest. */
export type Pbkdf2 = { readonly digest: string; readonly rounds: number }

const digests = ['sha256', 'sha512']

/** Undefined for other digests and beyond five million rounds, about four times what frameworks use today. */
export function pbkdf2Hash({ digest, rounds }: Pbkdf2, salt: Uint8Array, expected: Uint8Array): StoredHash | undefined {
  if (!digests.includes(digest) || !isWithin(rounds, 1, 5_000_000) || !isSound(salt, expected)) return undefined
  return { expected, derive: (password) => promisify(pbkdf2)(password, salt, rounds, expected.length, digest) }
}
