import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { fail, succeed } from '../../../result.ts'
import type { ReadHash } from '../scheme.ts'
import { type Bytes, isWithin, readSaltAndKey } from './members.ts'

/** PBKDF2 (RFC 8018 section 5.2) with HMAC and this digest. */
type Pbkdf2 = { readonly digest: string | undefined; readonly rounds: number | undefined }

const digestBytes: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 }
const maxRounds = 5_000_000

/**
 * Fails for other digests and beyond five million rounds, about four times what frameworks use today. Each block of the key
 * that is as long as the digest costs all rounds once more.
 */
export function pbkdf2Hash({ digest = '', rounds }: Pbkdf2, saltBytes: Bytes, keyBytes: Bytes): ReadHash {
  const blockBytes = Object.hasOwn(digestBytes, digest) ? digestBytes[digest] : undefined
  if (blockBytes === undefined) return fail('digest')
  if (!isWithin(rounds, 1, maxRounds)) return fail('cost')
  const read = readSaltAndKey(saltBytes, keyBytes)
  if (!read.ok) return read
  const { salt, key } = read.value
  if (rounds * Math.ceil(key.length / blockBytes) > maxRounds) return fail('cost')
  return succeed({
    expected: key,
    derive: (password) => promisify(pbkdf2)(password, salt, rounds, key.length, digest),
    recipe: { kind: 'pbkdf2', digest, rounds, salt },
  })
}
