import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { issuer } from './oauth-service.ts'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** A key pair of a client: its public JWK, and what signs with it. */
export async function createClientKey(alg = 'ES256', options: { readonly kid?: string; readonly crv?: string } = {}) {
  const { kid, ...rest } = options
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true, ...rest })
  const jwk = { ...(await exportJWK(publicKey)), ...(kid !== undefined && { kid }) }
  return { alg, jwk, privateKey, privateJwk: await exportJWK(privateKey) }
}

export type ClientTestKey = Awaited<ReturnType<typeof createClientKey>>

/** The claims of a good assertion. */
export const claimsOf = (clientId: string, now: number): JWTPayload => ({
  ...{ iss: clientId, sub: clientId, aud: issuer, jti: randomUUID() },
  ...{ iat: Math.floor(now), exp: Math.floor(now) + 60 },
})

export const signAssertion = (claims: object, { alg, privateKey }: ClientTestKey, header: object = {}) =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg, ...header }).sign(privateKey)

/** The parameters that carry an assertion. */
export const assertionForm = (client_assertion: string) => ({ client_assertion, client_assertion_type: assertionType })
