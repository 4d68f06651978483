import { type CryptoKey, importJWK } from 'jose'

/**
 * The verification keys of a JWK Set (RFC 7517), by `kid`. Imported once, at load: per call it would cost more than
 * verifying.
 * @throws Error for a set without keys, or with one that is not RSA for RS256, or a `kid` used twice.
 */
export async function importJwkSet(json: string): Promise<ReadonlyMap<string, CryptoKey>> {
  const { keys } = JSON.parse(json)
  const imported = new Map<string, CryptoKey>()
  for (const jwk of keys) {
    const key = await importJWK(jwk, 'RS256')
    if (jwk.kty !== 'RSA' || key instanceof Uint8Array || key.type !== 'public' || imported.has(jwk.kid)) {
      throw new Error('JWKS must hold public RSA keys with a kid each.')
    }
    imported.set(jwk.kid, key)
  }
  if (imported.size === 0) throw new Error('JWKS holds no key.')
  return imported
}
