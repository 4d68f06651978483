import { JwtVerifier } from 'aws-jwt-verify'
import { randomId } from '../../functions/domain/random-id.ts'
import { createIssueAccessToken } from '../../functions/domain/tokens/access-token.ts'
import { httpEvent } from '../support/builders/events.ts'
import { createTestKey } from '../support/builders/signing-key.ts'
import { interleave, perCall, quietly } from './measure.ts'

export const issuer = 'https://auth.example.com'
export const audience = 'https://api.example.com'
export const key = await createTestKey()
export const authorizerEnv = {
  ISSUER: issuer,
  AUDIENCE: audience,
  JWKS: JSON.stringify({ keys: [key.jwk] }),
  ROUTE_RULES: '{}',
  WEBSOCKET_QUERY_TOKEN: 'false',
}

export const clock = () => Math.floor(Date.now() / 1000)
const issue = createIssueAccessToken({ issuer, audience, lifetime: 3600 }, key.signer, clock, randomId)
export const token = await issue({
  subject: randomId(),
  clientId: 'web',
  sessionId: randomId(),
  scope: 'a b',
  authTime: 1,
  amr: ['pwd'],
})
export const event = { ...httpEvent('GET /me'), type: 'REQUEST', headers: { authorization: `Bearer ${token}` } }

/** Microseconds a call, warm, one at a time: the deployed bundle with its log line, and aws-jwt-verify's bare check. */
export async function measureWarmCalls(bundle: string): Promise<{ readonly ours: number; readonly bare: number }> {
  Object.assign(process.env, authorizerEnv)
  const { handler } = await import(bundle)
  const verifier = JwtVerifier.create({ issuer, audience, jwksUri: `${issuer}/.well-known/jwks.json` })
  verifier.cacheJwks({ keys: [key.jwk] })
  const contenders = { ours: perCall(() => handler(event)), bare: perCall(() => verifier.verifySync(token)) }
  return await quietly(() => interleave(contenders, 41))
}
