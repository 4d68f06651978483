import { argon2 } from 'node:crypto'
import { promisify } from 'node:util'
import { fail, succeed } from '../../../result.ts'
import type { ReadHash } from '../scheme.ts'
import { type Bytes, isWithin, readSaltAndKey } from './members.ts'

/** Argon2 version 1.3 (RFC 9106): `m` KiB of memory, `t` passes, `p` lanes. */
type Argon2 = {
  readonly variant: 'argon2id' | 'argon2i'
  readonly m: number | undefined
  readonly t: number | undefined
  readonly p: number | undefined
}

/** Fails beyond 128 MiB, ten passes or sixteen lanes, and on a runtime without argon2 (Node before 24.7). */
export function argon2Hash({ variant, m, t, p }: Argon2, saltBytes: Bytes, keyBytes: Bytes): ReadHash {
  if (typeof argon2 !== 'function') return fail('scheme')
  const affordable = isWithin(m, 8, 131_072) && isWithin(t, 1, 10) && isWithin(p, 1, 16)
  if (!affordable || m < 8 * p) return fail('cost')
  const read = readSaltAndKey(saltBytes, keyBytes)
  if (!read.ok) return read
  const { salt, key } = read.value
  const costs = { nonce: salt, memory: m, passes: t, parallelism: p, tagLength: key.length }
  return succeed({
    expected: key,
    derive: (password) => promisify(argon2)(variant, { message: password, ...costs }),
    recipe: { kind: 'argon2', variant, costs: { m, t, p }, salt },
  })
}
