import type { CryptoKey } from 'jose'

const rs256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }

/**
 * The verification keys of a JWK Set (RFC 7517), by `kid`. Imported once, at load: per call it would cost more than
 * verifying. WebCrypto itself refuses a key of another kind, algorithm or use, and a private one.
 * @throws Error for a set without keys, or with one that is no public RSA key for RS256 with a `kid` of its own.
 */
export async function importJwkSet(json: string): Promise<ReadonlyMap<string, CryptoKey>> {
  const { keys } = JSON.parse(json)
  const imported = new Map<string, CryptoKey>()
  for (const jwk of keys) {
    const key = await crypto.subtle.importKey('jwk', jwk, rs256, false, ['verify'])
    if (typeof jwk.kid !== 'string' || imported.has(jwk.kid)) throw new Error('JWKS must name each key by a kid.')
    imported.set(jwk.kid, key)
  }
  if (imported.size === 0) throw new Error('JWKS holds no key.')
  return imported
}
