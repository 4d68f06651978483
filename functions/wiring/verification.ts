import type { Clock } from '../domain/clock.ts'
import { createBadToken, createVerifyAccessToken, type VerifyAccessToken } from '../domain/tokens/access-token.ts'
import { importJwkSet } from '../domain/tokens/verification-keys.ts'

/** `JWKS` is a JWK Set as JSON (RFC 7517). */
export type VerificationEnv = { readonly ISSUER: string; readonly AUDIENCE: string; readonly JWKS: string }

type Verification = {
  readonly verify: VerifyAccessToken
  /** To warm up with: what loads lazily loads when the function starts. */
  readonly badToken: string
}

/** The verification of access tokens with the keys in the environment. @throws Error for keys that are not usable. */
export function createVerification(env: VerificationEnv, clock: Clock): Verification {
  const keys = importJwkSet(env.JWKS)
  return {
    verify: createVerifyAccessToken({ issuer: env.ISSUER, audience: env.AUDIENCE, keys }, clock),
    badToken: createBadToken(keys),
  }
}
