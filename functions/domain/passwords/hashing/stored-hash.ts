import { timingSafeEqual } from 'node:crypto'
import type { Password } from '../password.ts'

/** A password hash as it was read from a text, its costs found affordable; nothing is computed until `derive`. */
export type StoredHash = {
  readonly expected: Uint8Array
  readonly derive: (password: Password) => Promise<Uint8Array>
  /** How many bytes of a password the scheme takes, where it takes no more. */
  readonly longest?: number
}

/** Undefined for a text of another form, and for one whose costs are out of bounds. */
export type ReadHash = (text: string) => StoredHash | undefined

/** A salt of less than 64 bits or a key of less than 128 was never a hash of a password worth the name. */
export const isSound = (salt: Uint8Array, expected: Uint8Array): boolean =>
  salt.length >= 8 && salt.length <= 128 && expected.length >= 16 && expected.length <= 128

export const isWithin = (value: number | undefined, least: number, most: number): value is number =>
  value !== undefined && Number.isInteger(value) && value >= least && value <= most

export async function matchesHash(password: Password, { expected, derive }: StoredHash): Promise<boolean> {
  const derived = await derive(password)
  return derived.length === expected.length && timingSafeEqual(derived, expected)
}
