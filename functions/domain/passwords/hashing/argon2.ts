import { argon2 } from 'node:crypto'
import { promisify } from 'node:util'
import { isSound, isWithin, type StoredHash } from './stored-hash.ts'

/** Argon2 version 1.3 (RFC 9106): `m` KiB of memory, `t` passes, `p` lanes. */
export type Argon2 = {
  readonly variant: 'argon2id' | 'argon2i'
  readonly m: number | undefined
  readonly t: number | undefined
  readonly p: number | undefined
}

/** Undefined beyond 128 MiB, ten passes or sixteen lanes, and on a runtime without argon2 (Node before 24.7). */
export function argon2Hash(
  { variant, m, t, p }: Argon2,
  salt: Uint8Array,
  expected: Uint8Array,
): StoredHash | undefined {
  const affordable = isWithin(m, 8, 131_072) && isWithin(t, 1, 10) && isWithin(p, 1, 16)
  if (typeof argon2 !== 'function' || !affordable || m < 8 * p || !isSound(salt, expected)) return undefined
  const costs = { nonce: salt, memory: m, passes: t, parallelism: p, tagLength: expected.length }
  return { expected, derive: (password) => promisify(argon2)(variant, { message: password, ...costs }) }
}
