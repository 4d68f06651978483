import type { Clock } from '../domain/clock.ts'
import { createVerifyAccessToken, type VerifyAccessToken } from '../domain/tokens/access-token.ts'
import { encodePart } from '../domain/tokens/jws.ts'
import { importJwkSet } from '../domain/tokens/verification-keys.ts'

/** `JWKS` is a JWK Set as JSON (RFC 7517). */
export type VerificationEnv = { readonly ISSUER: string; readonly AUDIENCE: string; readonly JWKS: string }

type Verification = {
  readonly verify: VerifyAccessToken
  /** A token with a wrong signature, to warm up with: what loads lazily loads when the function starts. */
  readonly badToken: string
}

/** The verification of access tokens with the keys in the environment. @throws Error for keys that are not usable. */
export function createVerification(env: VerificationEnv, clock: Clock): Verification {
  const keys = importJwkSet(env.JWKS)
  const [kid] = keys.keys()
  const header = encodePart({ alg: 'RS256', typ: 'at+jwt', kid })
  return {
    verify: createVerifyAccessToken({ issuer: env.ISSUER, audience: env.AUDIENCE, keys }, clock),
    badToken: `${header}.${encodePart({})}.${'A'.repeat(342)}`,
  }
}
