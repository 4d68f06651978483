import { openSync, writeSync } from 'node:fs'
import { importJWK, jwtVerify } from 'jose'
import { createAccessTokenIssuer } from '../../functions/domain/access-token.ts'
import { randomId } from '../../functions/domain/random-id.ts'
import { httpEvent } from '../support/events.ts'
import { createTestKey } from '../support/signing-key.ts'
import { interleave, startUp, time } from './measure.ts'

const issuer = 'https://auth.example.com'
const audience = 'https://api.example.com'
const key = await createTestKey()
const env = {
  ISSUER: issuer,
  AUDIENCE: audience,
  JWKS: JSON.stringify({ keys: [key.jwk] }),
  ROUTE_SCOPES: '{}',
  WEBSOCKET_QUERY_TOKEN: 'false',
}

const clock = () => Math.floor(Date.now() / 1000)
const issue = createAccessTokenIssuer({ issuer, audience, lifetime: 3600 }, key.signer, clock, randomId)
const token = await issue({
  subject: randomId(),
  clientId: 'web',
  sessionId: randomId(),
  scope: ['a', 'b'],
  authTime: 1,
})
const event = { ...httpEvent('GET /me'), type: 'REQUEST', headers: { authorization: `Bearer ${token}` } }

/** Microseconds a call, warm, one at a time: the deployed bundle with its log line (to /dev/null) against bare jose. */
export async function measureVerifying(bundle: string): Promise<{ readonly ours: number; readonly jose: number }> {
  const sink = openSync('/dev/null', 'w')
  const write = process.stdout.write
  process.stdout.write = (text) => writeSync(sink, text as string) > 0
  try {
    Object.assign(process.env, env)
    const { handler } = await import(bundle)
    const bareKey = await importJWK(key.jwk)
    const calls = 500
    const repeat = (call: () => Promise<unknown>) => async () =>
      ((await time(async () => {
        for (let index = 0; index < calls; index += 1) await call()
      })) *
        1000) /
      calls
    const bare = () => jwtVerify(token, bareKey, { algorithms: ['RS256'], typ: 'at+jwt', issuer, audience })
    return await interleave({ ours: repeat(() => handler(event)), jose: repeat(bare) }, 25)
  } finally {
    process.stdout.write = write
  }
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
    { first: () => startUp(script, env).then(({ heard }) => Number(/first:([\d.]+);/.exec(heard)?.[1])) },
    11,
  )
  return first
}

export const authorizerEnv = env
