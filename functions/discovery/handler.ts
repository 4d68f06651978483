import { languages } from '../domain/mail/language.ts'
import { authorizationServerMetadata, type MetadataRules } from '../domain/oauth/metadata.ts'
import type { Handler } from '../http/api/endpoint.ts'
import { readDocument } from './request.ts'

/** `jwks` is the JWK Set of all accepted keys, public members only. */
type DiscoveryRules = Omit<MetadataRules, 'languages'> & { readonly jwks: object }

/** GET /.well-known/…: the keys and metadata that others verify our tokens with. */
export function createDiscoveryHandler({ jwks, ...rules }: DiscoveryRules): Handler {
  const documents = { jwks, metadata: authorizationServerMetadata({ ...rules, languages }) }
  return async (event) => ({
    status: 200,
    body: documents[readDocument(event)],
    // Short: a verifier that caches for longer would not know a new key when it first signs.
    headers: { 'cache-control': 'public, max-age=300' },
    audit: { event: 'discovery_read', outcome: 'success' },
  })
}
