/** An authorization server's metadata (RFC 8414 section 2): what exists, and nothing else. */
export function authorizationServerMetadata(issuer: string, scopes: readonly string[]) {
  return {
    issuer,
    token_endpoint: `${issuer}/token`,
    revocation_endpoint: `${issuer}/revoke`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    scopes_supported: scopes,
    // There is no authorization endpoint, and a client gets its first tokens at /login, which is not of OAuth's making.
    response_types_supported: [],
    grant_types_supported: ['refresh_token'],
    // Clients are public. Left out, both would mean client_secret_basic.
    token_endpoint_auth_methods_supported: ['none'],
    revocation_endpoint_auth_methods_supported: ['none'],
  }
}
