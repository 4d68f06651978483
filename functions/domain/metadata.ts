/** An authorization server's metadata (RFC 8414 section 2): what exists, and nothing else. */
export function authorizationServerMetadata(issuer: string, scopes: readonly string[]) {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    scopes_supported: scopes,
    // There is no authorization endpoint. Both lists must be said to be empty: left out, they have defaults.
    response_types_supported: [],
    grant_types_supported: [],
    token_endpoint_auth_methods_supported: ['none'],
  }
}
