import { fold } from '../fold.ts'
import { sha256 } from '../secret.ts'

// Crockford's base32: no I, L, O, which are read as 1 and 0, and no U.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const count = 10
const length = 25
const groups = /.{5}(?=.)/g

/**
 * Ten new codes of 125 bits, to be shown once, and what is kept of them. From 112 bits on no password hash is needed (ASVS
 * 5.0, 6.5.2).
 */
export function newRecoveryCodes(randomBytes: (count: number) => Uint8Array): {
  readonly codes: readonly string[]
  readonly hashes: readonly string[]
} {
  const codes = Array.from({ length: count }, () => newRecoveryCode(randomBytes))
  return { codes: codes.map((code) => code.replace(groups, '$&-')), hashes: codes.map(sha256) }
}

// 32 letters divide the 256 values of a byte evenly.
const newRecoveryCode = (randomBytes: (count: number) => Uint8Array): string =>
  Array.from(randomBytes(length), (byte) => alphabet.charAt(byte % alphabet.length)).join('')

const maxTypedLength = 128

/**
 * What is kept of a recovery code, from how people type it: small letters, spaces and dashes anywhere, O for 0, I and L for
 * 1. Undefined for everything that cannot be one.
 */
export function hashRecoveryCode(typed: string): string | undefined {
  if (typed.length > maxTypedLength) return undefined
  const code = fold(typed)
    .replace(/[\s\p{Pd}]/gu, '')
    .replaceAll('o', '0')
    .replace(/[il]/g, '1')
  return /^[0-9a-hjkmnp-tv-z]{25}$/.test(code) ? sha256(code.toUpperCase()) : undefined
}
