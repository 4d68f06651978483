import { join } from 'node:path'
import { importJWK, jwtVerify } from 'jose'
import { createVerifyAccessToken } from '../../functions/domain/tokens/access-token.ts'
import { forge, verificationKeys } from '../support/builders/signing-key.ts'
import { audience, authorizerEnv, clock, event, issuer, key, token } from './authorizer.ts'
import { type Comparison, rowsOf } from './comparison.ts'
import { measureRounds, perCall, quietly } from './measure.ts'

const claims = { iss: issuer, aud: 'web', sub: 'user:1', mode: 'access', type: 'user', properties: { id: '1' } }
const openAuthToken = forge(key, { alg: 'RS256', kid: key.jwk.kid }, { ...claims, exp: clock() + 3600 })

/** Microseconds to check one good token, warm, one at a time. */
export async function compareVerifiers(bundle: string): Promise<Comparison> {
  const { createVerifiers } = await import(join(import.meta.dirname, 'rivals', 'verifiers.js'))
  const rivals: Record<string, () => unknown> = createVerifiers({
    jwk: key.jwk,
    issuer,
    audience,
    token,
    openAuthToken,
  })
  const bareKey = await importJWK(key.jwk)
  const verify = createVerifyAccessToken({ issuer, audience, keys: await verificationKeys(key) }, clock)
  Object.assign(process.env, authorizerEnv)
  const { handler } = await import(bundle)
  const ours = { 'our check': () => verify(token), 'our whole authorizer, with its log line': () => handler(event) }
  const contenders = {
    'jose, bare': () => jwtVerify(token, bareKey, { algorithms: ['RS256'], typ: 'at+jwt', issuer, audience }),
    ...ours,
    ...rivals,
  }
  const measured = await quietly(() =>
    measureRounds(Object.fromEntries(Object.entries(contenders).map(([name, call]) => [name, perCall(call)])), 25),
  )
  return {
    title: 'Checking a token',
    says: `RS256, warm, one after another, the same token and key for all but OpenAuth's client, which gets one of its own kind;
caches of checked tokens are off. jose asks WebCrypto, the others and we node:crypto. Ours also checks
what \`test/attacks/differential.test.ts\` names: forms and claims that others let pass.`,
    rows: rowsOf(measured, 'aws-jwt-verify', (name) => name in ours),
  }
}
