/** A client that signs people in, or a machine. What is left out means the strict thing. */
export type ClientOptions = {
  /**
   * Where the answers of a sign-in may go: compared exactly, but for the port on the user's own machine.
   * @default - it signs nobody in
   */
  readonly redirectUris?: readonly string[]
  /**
   * Whether it gets tokens of its own for its secret (client_credentials).
   * @default false
   */
  readonly clientCredentials?: boolean
  /**
   * Where a log-out may lead.
   * @default []
   */
  readonly postLogoutRedirectUris?: readonly string[]
  /**
   * What consent pages call it.
   * @default - its id
   */
  readonly name?: string
  /**
   * Whether it gets refresh tokens.
   * @default false
   */
  readonly refreshTokens?: boolean
  /**
   * What it may be granted of the scopes of the service. `openid`, `profile`, `email` and `offline_access` need not be among
   * them.
   * @default []
   */
  readonly scopes?: readonly string[]
  /**
   * How it proves who it is at /token. A client with a secret gets one by `rotate-client-secret`, after the deployment: a
   * template holds no secret.
   * @default 'client_secret_basic'
   */
  readonly authMethod?: 'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt'
  /**
   * The public keys (RFC 7517 section 5) of a client with `private_key_jwt`: RSA, P-256, P-384 or Ed25519, at most ten.
   * @default - none
   */
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] }
  /**
   * Whether it is yours: nobody is asked for consent, and its tokens may manage the user's account.
   * @default false
   */
  readonly firstParty?: boolean
  /**
   * Whether its requests must have a PKCE challenge. Only a client with a secret may do without.
   * @default true
   */
  readonly requirePkce?: boolean
}

/** The metadata of RFC 7591. */
export const metadataOf = (id: string, options: ClientOptions): Readonly<Record<string, unknown>> => ({
  client_id: id,
  ...(options.name !== undefined && { client_name: options.name }),
  redirect_uris: options.redirectUris ?? [],
  post_logout_redirect_uris: options.postLogoutRedirectUris ?? [],
  grant_types: [
    ...(options.redirectUris || !options.clientCredentials ? ['authorization_code'] : []),
    ...(options.refreshTokens ? ['refresh_token'] : []),
    ...(options.clientCredentials ? ['client_credentials'] : []),
  ],
  scope: (options.scopes ?? []).join(' '),
  token_endpoint_auth_method: options.authMethod ?? 'client_secret_basic',
  ...(options.jwks && { jwks: options.jwks }),
  first_party: options.firstParty ?? false,
  require_pkce: options.requirePkce ?? true,
})
