/**
 * Authorization server metadata (RFC 8414 section 2): only what exists, and no empty lists (section 3.2). There is no
 * authorization endpoint, so there are no response types: a client gets its first tokens at /login, which is not OAuth's.
 */
export function authorizationServerMetadata(issuer: string, scopes: readonly string[]) {
  return {
    issuer,
    token_endpoint: `${issuer}/token`,
    revocation_endpoint: `${issuer}/revoke`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    grant_types_supported: ['refresh_token'],
    // Clients are public. Without these members the default would be client_secret_basic.
    token_endpoint_auth_methods_supported: ['none'],
    revocation_endpoint_auth_methods_supported: ['none'],
  }
}
