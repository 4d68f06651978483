import { assertionAlgs } from '../clients/client-keys.ts'
import { identityScopes } from '../scopes/scope.ts'

export type MetadataRules = {
  readonly issuer: string
  readonly scopes: readonly string[]
  /** Whether people sign in on pages, so that there is an authorization endpoint. */
  readonly hasPages: boolean
  readonly hasFactors: boolean
  /** The languages of the pages. */
  readonly languages: readonly string[]
  /** Whether the URL of a metadata document may be a client id. */
  readonly hasClientsByUrl?: boolean
  /** The URLs of what tokens can be for, besides the API of the service. */
  readonly resources?: readonly string[]
}

/**
 * Authorization server metadata (RFC 8414 section 2, OpenID Connect Discovery section 3): only what exists, no empty lists,
 * and each default stated that would say something else. Without pages there is no authorization endpoint, so there are no
 * response types: a client gets its first tokens at /login, which is not OAuth's.
 */
export function authorizationServerMetadata({ issuer, scopes, resources = [], ...has }: MetadataRules) {
  const supported = has.hasPages ? [...identityScopes, ...scopes] : scopes
  return {
    issuer,
    ...(has.hasPages && pageMetadata(issuer, has)),
    token_endpoint: `${issuer}/token`,
    revocation_endpoint: `${issuer}/revoke`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    ...(has.hasPages && has.hasClientsByUrl && { client_id_metadata_document_supported: true }),
    ...(supported.length > 0 && { scopes_supported: supported }),
    // RFC 9728 section 4.
    ...(resources.length > 0 && { protected_resources: resources }),
    grant_types_supported: [...(has.hasPages ? ['authorization_code'] : []), 'refresh_token', 'client_credentials'],
    // Without these members the default would be client_secret_basic alone.
    token_endpoint_auth_methods_supported: authMethods,
    token_endpoint_auth_signing_alg_values_supported: assertionAlgs,
    revocation_endpoint_auth_methods_supported: authMethods,
    revocation_endpoint_auth_signing_alg_values_supported: assertionAlgs,
  }
}

const authMethods = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt']

const pageMetadata = (issuer: string, { hasFactors, languages }: Pick<MetadataRules, 'hasFactors' | 'languages'>) => ({
  authorization_endpoint: `${issuer}/authorize`,
  userinfo_endpoint: `${issuer}/userinfo`,
  end_session_endpoint: `${issuer}/logout`,
  response_types_supported: ['code'],
  response_modes_supported: ['query', 'form_post'],
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
  prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  acr_values_supported: ['pwd', ...(hasFactors ? ['mfa'] : [])],
  claims_supported: [
    ...['iss', 'aud', 'sub', 'iat', 'exp', 'auth_time', 'nonce', 'amr', 'acr', 'sid', 'at_hash'],
    ...['preferred_username', 'email', 'email_verified'],
  ],
  ui_locales_supported: languages,
  claims_parameter_supported: false,
  request_parameter_supported: false,
  // The default is true.
  request_uri_parameter_supported: false,
})
