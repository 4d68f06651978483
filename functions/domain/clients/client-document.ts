import { fail, type Result, succeed } from '../result.ts'
import { readScope } from '../scopes/scope.ts'
import { type Client, type GrantType, isClientName } from './client.ts'
import { type ClientKey, readClientKeys } from './client-keys.ts'
import { hostOfClient, isClientUrl } from './client-url.ts'
import { isRedirectUri } from './redirect-uri.ts'

/** What the document of a client says (RFC 7591 section 2), and nothing that it may not say. */
export type ClientDocument = {
  readonly id: string
  readonly name: string
  readonly redirectUris: readonly string[]
  readonly grantTypes: readonly GrantType[]
  /** What it may be granted; undefined where it does not say. */
  readonly scope: readonly string[] | undefined
  readonly authMethod: 'none' | 'private_key_jwt'
  /** With `private_key_jwt` one of the two. */
  readonly keys: readonly ClientKey[] | undefined
  readonly jwksUri: string | undefined
}

/** For the log: the member that is wrong. */
export type DocumentFailure = { readonly reason: `wrong_${(typeof known)[number] | 'document'}` }

type Members = Readonly<Record<string, unknown>>

const known = [
  'client_id',
  'client_name',
  'redirect_uris',
  'grant_types',
  'response_types',
  'scope',
  'token_endpoint_auth_method',
  'jwks',
  'jwks_uri',
  'client_secret',
] as const

/**
 * Reads the document at a URL (draft-ietf-oauth-client-id-metadata-document section 4). Of members that are unknown nothing
 * is read, as RFC 7591 section 2 asks, so no document can say that a client is first-party or needs no PKCE. It says that
 * its client has no secret, because a secret in a document would be none.
 */
export function readClientDocument(value: unknown, url: string): Result<ClientDocument, DocumentFailure> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail({ reason: 'wrong_document' })
  const members = value as Members
  const wrong = known.find((name) => !rules[name](members, url))
  return wrong === undefined ? succeed(toDocument(members)) : fail({ reason: `wrong_${wrong}` })
}

/** Of a document what is read of it, so that it can be passed on and read again. */
export const knownMembers = (document: unknown): Members =>
  Object.fromEntries(Object.entries(Object(document)).filter(([name]) => known.some((each) => each === name)))

const maxUris = 20

const isListOfText = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length <= maxUris && value.every((item) => typeof item === 'string')

const methodOf = ({ token_endpoint_auth_method: method = 'none' }: Members): unknown => method

const hasKeys = (members: Members): boolean => methodOf(members) === 'private_key_jwt'

const rules: Readonly<Record<(typeof known)[number], (members: Members, url: string) => boolean>> = {
  client_id: ({ client_id }, url) => client_id === url,
  client_name: ({ client_name }) => isClientName(client_name),
  redirect_uris: ({ redirect_uris: uris }) =>
    isListOfText(uris) && uris.length > 0 && new Set(uris).size === uris.length && uris.every(isRedirectUri),
  grant_types: ({ grant_types: grants = defaultGrants }) =>
    isListOfText(grants) && grants.includes('authorization_code'),
  response_types: ({ response_types: types = ['code'] }) => isListOfText(types) && types.includes('code'),
  scope: ({ scope = '' }) => typeof scope === 'string' && readScope(scope) !== undefined,
  token_endpoint_auth_method: (members) => methodOf(members) === 'none' || hasKeys(members),
  jwks: ({ jwks, ...members }) => !hasKeys(members) || jwks === undefined || readClientKeys(jwks) !== undefined,
  jwks_uri: ({ jwks, jwks_uri: uri, ...members }) =>
    !hasKeys(members) || (uri === undefined ? jwks !== undefined : jwks === undefined && isKeysUrl(uri)),
  client_secret: ({ client_secret }) => client_secret === undefined,
}

const isKeysUrl = (uri: unknown): boolean => typeof uri === 'string' && isClientUrl(uri)

const defaultGrants = ['authorization_code'] as const

// Those of a machine are of no use to people, so no document gets them.
const grants: readonly GrantType[] = ['authorization_code', 'refresh_token']

// The members have been checked.
function toDocument(members: Members): ClientDocument {
  const { scope, grant_types: asked = defaultGrants } = members
  const isKeyed = hasKeys(members)
  return {
    id: members['client_id'] as string,
    name: members['client_name'] as string,
    redirectUris: members['redirect_uris'] as readonly string[],
    grantTypes: grants.filter((grant) => (asked as readonly string[]).includes(grant)),
    scope: typeof scope === 'string' ? readScope(scope) : undefined,
    authMethod: isKeyed ? 'private_key_jwt' : 'none',
    keys: isKeyed ? readClientKeys(members['jwks']) : undefined,
    jwksUri: isKeyed ? (members['jwks_uri'] as string | undefined) : undefined,
  }
}

/**
 * The client of a document. What only the owner of the service can say of a client, no document says: it is never
 * first-party and always uses PKCE. `scopes` are those of the service.
 */
export function clientOfDocument(
  { scope, jwksUri: _, keys, ...document }: ClientDocument,
  scopes: readonly string[],
): Client {
  const granted = scopes.filter((token) => scope?.includes(token) ?? true)
  return { ...document, ...(keys && { keys }), scope: granted, ...ofEveryDocument(document.id) }
}

/** `registration` is its id, so what people have allowed it lasts: no other client can have this id. */
const ofEveryDocument = (id: string) => ({
  ...{ postLogoutRedirectUris: [], isFirstParty: false, requiresPkce: true, registration: id },
  ...{ createdAt: 0, secrets: [], registeredBy: 'document' },
})

/**
 * A client by URL before its document has been read: nothing is known of it but what the request says, so nothing goes back
 * to it.
 */
export const unreadClient = (id: string, redirectUri: string | undefined, scopes: readonly string[]): Client => ({
  ...ofEveryDocument(id),
  ...{ id, name: hostOfClient(id), redirectUris: redirectUri === undefined ? [] : [redirectUri] },
  ...{ grantTypes: ['authorization_code'], scope: scopes, authMethod: 'none' },
})
