import { JwtVerifier } from 'aws-jwt-verify'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { createVerifyAccessToken } from '../../functions/domain/tokens/access-token.ts'
import { audience, issuer, key } from '../support/builders/service.ts'
import { createTestKey, verificationKeys } from '../support/builders/signing-key.ts'
import { createForgery, type Verifier } from '../support/hostile/forgery.ts'

const keys = await verificationKeys(key)
const attackersKey = await createTestKey()

/** Whether each of the others takes a token, as strict as its options make it. */
type Judgement = Readonly<Record<Verifier, boolean>>

/** Ours, jose and aws-jwt-verify for one service. By the real clock, for the last of them has no other. */
export function createVerifiers() {
  const now = Math.floor(Date.now() / 1000)
  const jwks = { keys: [key.jwk] }
  const options = {
    algorithms: ['RS256'],
    typ: 'at+jwt',
    issuer,
    audience,
    requiredClaims: ['sub', 'client_id', 'jti', 'iat', 'exp'],
    maxTokenAge: 3600,
    // As ours for iat and nbf; theirs is for exp too, where we have none.
    clockTolerance: 5,
    currentDate: new Date(now * 1000),
  }
  const joseKeys = createLocalJWKSet(jwks)
  const aws = JwtVerifier.create({ issuer, audience, jwksUri: 'https://unused.example/jwks.json', graceSeconds: 5 })
  aws.cacheJwks(jwks)

  const joseTakes = (token: string) =>
    jwtVerify(token, joseKeys, options).then(
      () => true,
      () => false,
    )
  const awsTakes = (token: string) => {
    try {
      aws.verifySync(token)
      return true
    } catch {
      return false
    }
  }
  return {
    forgery: createForgery({ issuer, audience, key, attackersKey, now }),
    verify: createVerifyAccessToken({ issuer, audience, keys }, () => now),
    judge: async (token: string): Promise<Judgement> => ({
      jose: await joseTakes(token),
      'aws-jwt-verify': awsTakes(token),
    }),
  }
}
