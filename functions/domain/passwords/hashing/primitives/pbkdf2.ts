import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { fail, succeed } from '../../../result.ts'
import type { ReadHash } from '../scheme.ts'
import { type Bytes, isWithin, readSaltAndKey } from './members.ts'

/** PBKDF2 (RFC 8018 section 5.2) with HMAC and this digest. */
type Pbkdf2 = { readonly digest: string | undefined; readonly rounds: number | undefined }

const digests = ['sha1', 'sha256', 'sha384', 'sha512']

/** Fails for other digests and beyond five million rounds, about four times what frameworks use today. */
export function pbkdf2Hash({ digest = '', rounds }: Pbkdf2, saltBytes: Bytes, keyBytes: Bytes): ReadHash {
  if (!digests.includes(digest)) return fail('digest')
  if (!isWithin(rounds, 1, 5_000_000)) return fail('cost')
  const read = readSaltAndKey(saltBytes, keyBytes)
  if (!read.ok) return read
  const { salt, key } = read.value
  return succeed({
    expected: key,
    derive: (password) => promisify(pbkdf2)(password, salt, rounds, key.length, digest),
    recipe: { kind: 'pbkdf2', digest, rounds, salt },
  })
}
