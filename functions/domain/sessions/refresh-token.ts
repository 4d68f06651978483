import { createHmac, timingSafeEqual } from 'node:crypto'
import { sha256 } from '../secret.ts'

/**
 * The contents of a refresh token: the subject, the family (128 random bits that identify the log-in and stay the same
 * through all rotations) and the secret (256 bits) that each rotation replaces.
 */
export type RefreshToken = { readonly subject: string; readonly family: Uint8Array; readonly secret: Uint8Array }

/** Returns this many random bytes. */
export type RandomBytes = (count: number) => Uint8Array

const familyLength = 16
const secretLength = 32
const tailLength = familyLength + secretLength
// RFC 7519 does not limit a subject. Ours have 22 bytes, imported ones up to 128.
const maxSubjectBytes = 128
const maxTokenLength = Math.ceil(((maxSubjectBytes + tailLength) * 4) / 3)

export const newFamily = (randomBytes: RandomBytes): Uint8Array => randomBytes(familyLength)
export const newSecret = (randomBytes: RandomBytes): Uint8Array => randomBytes(secretLength)

export const formatRefreshToken = ({ subject, family, secret }: RefreshToken): string =>
  Buffer.concat([Buffer.from(subject), family, secret]).toString('base64url')

/** Undefined for what cannot be a token of ours, including another base64url spelling of one. */
export function readRefreshToken(text: string): RefreshToken | undefined {
  if (text.length > maxTokenLength) return undefined
  const bytes = Buffer.from(text, 'base64url')
  // From the end, because only the subject has no fixed length.
  const end = bytes.length - tailLength
  if (end < 1 || bytes.toString('base64url') !== text) return undefined
  const subject = bytes.toString('utf8', 0, end)
  if (!Buffer.from(subject).equals(bytes.subarray(0, end))) return undefined
  return { subject, family: bytes.subarray(end, end + familyLength), secret: bytes.subarray(end + familyLength) }
}

/** The `sid` of a family: 132 bits of its hash, so that an access token reveals nothing of the refresh token. */
export const sessionIdOf = (family: Uint8Array): string => sha256(family).slice(0, 22)

export const isSessionId = (text: string): boolean => /^[\w-]{22}$/.test(text)

/** How a secret is stored. It has 256 random bits, so a fast hash without salt is enough. */
export const hashSecret = sha256

/** The next secret. The salt, which the session keeps, and the previous secret together give it again. */
export const successorOf = (salt: string, secret: Uint8Array): Uint8Array =>
  createHmac('sha256', Buffer.from(salt, 'base64url')).update(secret).digest()

/** Whether a secret has this hash, compared in constant time. */
export function isHashOf(hash: string, secret: Uint8Array): boolean {
  const [expected, actual] = [Buffer.from(hash), Buffer.from(hashSecret(secret))]
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}
