import { createPublicKey, type KeyObject } from 'node:crypto'

/** Public RSA keys by `kid`. */
export type VerificationKeys = ReadonlyMap<string, KeyObject>

const minModulusBits = 2048

/**
 * The verification keys of a JWK Set (RFC 7517), by `kid`. Imported once, at load: per call it would cost more than
 * verifying.
 * @throws Error for a set without keys, or with one that is not a public RSA key of at least 2,048 bits for RS256 with a
 *   `kid` of its own.
 */
export function importJwkSet(json: string): VerificationKeys {
  const { keys } = JSON.parse(json)
  const imported = new Map<string, KeyObject>()
  for (const jwk of keys) {
    if (typeof jwk.kid !== 'string' || imported.has(jwk.kid)) throw new Error('JWKS must name each key by a kid.')
    imported.set(jwk.kid, importKey(jwk))
  }
  if (imported.size === 0) throw new Error('JWKS holds no key.')
  return imported
}

type RsaJwk = { readonly [member: string]: unknown; readonly key_ops?: readonly string[] }

function importKey(jwk: RsaJwk): KeyObject {
  const { kty, alg = 'RS256', use = 'sig', key_ops = ['verify'], d } = jwk
  const isForRs256 = kty === 'RSA' && alg === 'RS256' && use === 'sig' && key_ops.includes('verify')
  const key = isForRs256 && d === undefined ? createPublicKey({ key: { ...jwk }, format: 'jwk' }) : undefined
  const { modulusLength = 0 } = key?.asymmetricKeyDetails ?? {}
  if (!key || modulusLength < minModulusBits)
    throw new Error('JWKS must hold public RSA keys for RS256, of 2048 bits or more.')
  return key
}
