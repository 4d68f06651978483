import { fail, type Result, succeed } from '../../../result.ts'
import type { HashPart } from '../hash-part.ts'

/** A salt or a key of a hash, or what is wrong with it. */
export type Bytes = Result<Uint8Array, HashPart>

type SaltAndKey = { readonly salt: Uint8Array; readonly key: Uint8Array }

/** A salt of less than 64 bits or a key of less than 128 makes no reliable password hash. */
export function readSaltAndKey(salt: Bytes, key: Bytes, minSalt = 8): Result<SaltAndKey, HashPart> {
  if (!salt.ok) return salt
  if (!isWithin(salt.value.length, minSalt, 128)) return fail('salt')
  if (!key.ok) return key
  return isWithin(key.value.length, 16, 128) ? succeed({ salt: salt.value, key: key.value }) : fail('key')
}

export const isWithin = (value: number | undefined, min: number, max: number): value is number =>
  value !== undefined && Number.isInteger(value) && value >= min && value <= max

/** A cost in decimal. Undefined for anything else, so that no two texts mean the same cost. */
export const readCost = (text: string | undefined): number | undefined =>
  text !== undefined && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined

/** A salt that is used as the characters that it is written in. */
export const readTextSalt = (text = ''): Bytes =>
  /^[\w.+/=-]{1,128}$/.test(text) ? succeed(Buffer.from(text)) : fail('salt')

export const readHexKey = (text = ''): Bytes =>
  /^(?:[0-9a-f]{2})+$/.test(text) ? succeed(Buffer.from(text, 'hex')) : fail('key')

export const unpadded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '')

/** Base64 (RFC 4648 section 4). Padding that the form does not have, lacks or has too much of is refused. */
export function readBase64(text: string | undefined, part: 'salt' | 'key', padding: 'none' | 'full' | 'any'): Bytes {
  const [digits = '', pad = ''] = /^([A-Za-z0-9+/]+)(=*)$/.exec(text ?? '')?.slice(1) ?? []
  if (digits === '' || digits.length % 4 === 1) return fail(part)
  const full = (4 - (digits.length % 4)) % 4
  const lengths = { none: [0], full: [full], any: [0, full] }[padding]
  return lengths.includes(pad.length) ? succeed(Buffer.from(digits, 'base64')) : fail('padding')
}
