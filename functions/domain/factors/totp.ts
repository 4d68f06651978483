import { createHash, timingSafeEqual } from 'node:crypto'
import { HOTP, Secret, TOTP } from 'otpauth'
import { readDigits } from '../fold.ts'

// What every authenticator app can do, and some can do only this. RFC 6238 names no length of the secret but the hash's.
const algorithm = 'SHA1'
const digits = 6
const period = 30
const secretLength = 20

/** A new secret of 160 bits: base32 (RFC 4648), upper case, without padding. */
export function newTotpSecret(randomBytes: (count: number) => Uint8Array): string {
  return new Secret({ buffer: Uint8Array.from(randomBytes(secretLength)).buffer }).base32
}

export type TotpAccount = {
  /** Base32. */
  readonly secret: string
  readonly issuer: string
  readonly account: string
}

/** The `otpauth:` URI that an authenticator app reads. */
export function totpUri({ secret, issuer, account }: TotpAccount): string {
  // Apps end the issuer at the first colon of the label, escaped or not.
  const label = { issuer: issuer.toWellFormed().replaceAll(':', ' '), label: account.toWellFormed() }
  return new TOTP({ ...label, secret: Secret.fromBase32(secret), algorithm, digits, period }).toString()
}

/**
 * The time step whose code this is: the one of `now` (seconds), the one before or the one after (RFC 6238 section 5.2). If
 * two of them have the same code, it is the later one, so that a code that was used once fits no other step afterwards.
 */
export function matchTotp(secret: string, code: string, now: number): number | undefined {
  const typed = readDigits(code, digits)
  if (typed === undefined) return undefined
  const key = Secret.fromBase32(secret)
  const current = Math.floor(now / period)
  const steps = [current - 1, current, current + 1].filter((step) => step >= 0)
  return steps.filter((step) => isSameCode(typed, codeOf(key, step))).at(-1)
}

/** Whether a secret that somebody claims to have been shown is the one that was. */
export const isSameSecret = (secret: string, claimed: string): boolean =>
  timingSafeEqual(digestOf(secret), digestOf(claimed))

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest()

const codeOf = (secret: Secret, counter: number): string => HOTP.generate({ secret, algorithm, digits, counter })
const isSameCode = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(a), Buffer.from(b))
