import { createPublicKey } from 'node:crypto'
import { calculateJwkThumbprint } from 'jose'

/** A public RSA key in a JWK Set (RFC 7517 section 4): its public members and how it is used. */
export type PublicJwk = {
  readonly kty: 'RSA'
  readonly kid: string
  readonly use: 'sig'
  readonly alg: 'RS256'
  readonly n: string
  readonly e: string
}

/**
 * Turns a DER-encoded SubjectPublicKeyInfo (RFC 5280), as KMS returns it, into a JWK whose `kid` is its thumbprint (RFC
 * 7638): the name follows from the key, so no two keys share one.
 * @throws TypeError for a key that is not RSA.
 */
export async function publicJwk(spki: Uint8Array): Promise<PublicJwk> {
  const { kty, n, e } = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }).export({
    format: 'jwk',
  })
  if (kty !== 'RSA' || n === undefined || e === undefined) throw new TypeError('A signing key must be RSA.')
  return { kty, kid: await calculateJwkThumbprint({ kty, n, e }), use: 'sig', alg: 'RS256', n, e }
}
