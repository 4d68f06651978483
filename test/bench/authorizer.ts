import { importJWK, jwtVerify } from 'jose'
import { randomId } from '../../functions/domain/random-id.ts'
import { createAccessTokenIssuer } from '../../functions/domain/tokens/access-token.ts'
import { httpEvent } from '../support/builders/events.ts'
import { createTestKey } from '../support/builders/signing-key.ts'
import { interleave, perCall, quietly, startUp } from './measure.ts'

export const issuer = 'https://auth.example.com'
export const audience = 'https://api.example.com'
export const key = await createTestKey()
export const authorizerEnv = {
  ISSUER: issuer,
  AUDIENCE: audience,
  JWKS: JSON.stringify({ keys: [key.jwk] }),
  ROUTE_SCOPES: '{}',
  WEBSOCKET_QUERY_TOKEN: 'false',
}

export const clock = () => Math.floor(Date.now() / 1000)
const issue = createAccessTokenIssuer({ issuer, audience, lifetime: 3600 }, key.signer, clock, randomId)
export const token = await issue({
  subject: randomId(),
  clientId: 'web',
  sessionId: randomId(),
  scope: 'a b',
  authTime: 1,
})
export const event = { ...httpEvent('GET /me'), type: 'REQUEST', headers: { authorization: `Bearer ${token}` } }

/** Microseconds a call, warm, one at a time: the deployed bundle with its log line (to /dev/null) against bare jose. */
export async function measureVerifying(bundle: string): Promise<{ readonly ours: number; readonly jose: number }> {
  Object.assign(process.env, authorizerEnv)
  const { handler } = await import(bundle)
  const bareKey = await importJWK(key.jwk)
  const bare = () => jwtVerify(token, bareKey, { algorithms: ['RS256'], typ: 'at+jwt', issuer, audience })
  return await quietly(() => interleave({ ours: perCall(() => handler(event)), jose: perCall(bare) }, 25))
}

/** Milliseconds of the first call after load, in fresh processes. */
export async function measureFirstCall(bundle: string): Promise<number> {
  const script = `
    const { handler } = await import(${JSON.stringify(bundle)})
    const start = process.hrtime.bigint()
    const answer = await handler(${JSON.stringify(event)})
    if (!answer.isAuthorized) throw new Error('The authorizer refused a good token.')
    process.stderr.write('first:' + Number(process.hrtime.bigint() - start) / 1e6 + ';ready')`
  const { first } = await interleave(
    { first: () => startUp(script, authorizerEnv).then(({ heard }) => Number(/first:([\d.]+);/.exec(heard)?.[1])) },
    11,
  )
  return first
}
