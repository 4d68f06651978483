import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { decodeJwt } from 'jose'
import { publicJwk } from '../../functions/domain/tokens/jwk-set.ts'
import { createTestKey, type TestKey } from '../support/builders/signing-key.ts'
import { createForgery, type Forgery } from '../support/hostile/forgery.ts'
import { hostileTokens } from '../support/hostile/tokens.ts'
import { isRefusal, readSigningKey, type startAttackedStack } from './attacked-stack.ts'
import { findRoutes } from './template-routes.ts'

type AttackedStack = Awaited<ReturnType<typeof startAttackedStack>>

/** What an attacker could make who had a session of his own, and the local KMS's key besides. */
export async function forgeFor({ url, data, createUser }: AttackedStack): Promise<Forgery> {
  const { iss, aud, iat, exp, ...subject } = decodeJwt((await createUser()).accessToken)
  const [key, attackersKey] = [await readTestKey(data), await createTestKey()]
  return createForgery({ issuer: url, audience: url, key, attackersKey, now: Math.floor(Date.now() / 1000), subject })
}

async function readTestKey(data: string): Promise<TestKey> {
  const privateKey = createPrivateKey({ key: readSigningKey(data), format: 'jwk' })
  const jwk = await publicJwk(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }))
  return { privateKey, jwk, signer: { kid: jwk.kid, sign: async (input) => sign('sha256', input, privateKey) } }
}

/**
 * Brings every hostile token that a header can hold to one route and to those that verify by themselves, and one for each
 * reason to all: what got more than a refusal.
 */
export async function attackByTokens(
  { send }: AttackedStack,
  forgery: Forgery,
  verifying: readonly string[] = [],
): Promise<readonly unknown[]> {
  const tokens = hostileTokens
    .map(({ name, reason, make }) => ({ name, reason, token: make(forgery) }))
    .filter(({ token }) => isHeaderText(token) && token.trim() !== forgery.good)
  const samples = [...new Map(tokens.map((each) => [each.reason, each])).values()]
  const closed = (await findRoutes()).filter(({ open }) => !open).map(({ route }) => route.replace('{id}', 'none'))
  const attacks = [...closed, ...verifying].flatMap((route) =>
    (route === 'GET /me' || verifying.includes(route) ? tokens : samples).map((each) => ({ route, ...each })),
  )

  const surprises: unknown[] = []
  for (const { route, name, token } of attacks) {
    const answer = await send(route, { authorization: `Bearer ${token}` })
    if (!isRefusal(answer) || ![401, 403].includes(answer.status))
      surprises.push([route, name, answer.status, answer.body])
  }
  return surprises
}

// More than 10 KB no server reads to its end, and control characters no client sends.
const isHeaderText = (text: string) => text.length < 10_000 && /^[\x20-\x7e]*$/.test(text)
