import { fail, type Result, succeed } from '../result.ts'
import { readScope } from '../scopes/scope.ts'
import { type ClientRegistration, isAuthMethod, isClientId, isClientName, isGrantType } from './client.ts'
import { allowedKeys, readClientKeys } from './client-keys.ts'
import { allowedRedirectUri, isRedirectUri } from './redirect-uri.ts'

/** What is wrong with the metadata of a client; `description` says what is allowed, and never quotes a secret. */
export type ClientMetadataFailure = { readonly reason: 'malformed_client'; readonly description: string }

type Members = Readonly<Record<string, unknown>>

const ours = [
  'client_id',
  'client_name',
  'redirect_uris',
  'post_logout_redirect_uris',
  'grant_types',
  'scope',
  'token_endpoint_auth_method',
  'jwks',
  'first_party',
  'require_pkce',
] as const

// Of RFC 7591 section 2: what a server may ignore, because it says nothing about what the client may do.
const ignored = ['client_uri', 'logo_uri', 'contacts', 'tos_uri', 'policy_uri', 'software_id', 'software_version']

/**
 * Reads client metadata (RFC 7591 section 2), with `first_party` and `require_pkce` besides. What is left out means the
 * strict thing, and an unknown member is refused, because it may be a misspelt restriction.
 */
export function readClientMetadata(value: unknown): Result<ClientRegistration, ClientMetadataFailure> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('A client is a JSON object.')
  const members = value as Members
  for (const problem of problems(members)) if (problem !== undefined) return refuse(problem)
  return succeed(toRegistration(members))
}

const refuse = (description: string) => fail({ reason: 'malformed_client' as const, description })

// One after the other, because the later ones rely on what the earlier ones have checked.
function* problems(members: Members): Generator<string | undefined> {
  yield unknownMember(members)
  const { client_id, client_name, redirect_uris = [], post_logout_redirect_uris = [], scope = '' } = members
  yield check(isClientId(client_id), 'client_id', allowedClientId)
  yield check(client_name === undefined || isClientName(client_name), 'client_name', allowedName)
  yield check(isListOf(redirect_uris, isRedirectUri), 'redirect_uris', `up to 20, each ${allowedRedirectUri}`)
  yield check(isListOf(post_logout_redirect_uris, isRedirectUri), 'post_logout_redirect_uris', 'as redirect_uris are')
  yield check(
    typeof scope === 'string' && readScope(scope) !== undefined,
    'scope',
    'scope tokens, one space between them',
  )
  const { grant_types = defaultGrants, token_endpoint_auth_method: method = defaultMethod } = members
  const { response_types = ['code'], first_party = false, require_pkce = true } = members
  yield check(
    isListOf(grant_types, isGrantType),
    'grant_types',
    'authorization_code, refresh_token and client_credentials',
  )
  yield check(
    isAuthMethod(method),
    'token_endpoint_auth_method',
    'none, client_secret_basic, client_secret_post or private_key_jwt',
  )
  yield check(typeof first_party === 'boolean', 'first_party', 'true or false')
  yield check(typeof require_pkce === 'boolean', 'require_pkce', 'true or false')
  const grants: readonly unknown[] = grant_types as readonly unknown[]
  const asksForCodes = grants.includes('authorization_code')
  const isMachine = grants.includes('client_credentials')
  yield check(
    asksForCodes || !grants.includes('refresh_token'),
    'grant_types',
    'refresh_token only beside authorization_code',
  )
  yield check(!isMachine || method !== 'none', 'token_endpoint_auth_method', 'other than none, for client_credentials')
  const hasKeys = method === 'private_key_jwt'
  yield check(hasKeys || members['jwks'] === undefined, 'jwks', 'left out, but for private_key_jwt')
  yield check(!hasKeys || readClientKeys(members['jwks']) !== undefined, 'jwks', allowedKeys)
  yield check(
    isResponseTypes(response_types, asksForCodes),
    'response_types',
    '["code"], or [] without authorization_code',
  )
  const redirects = redirect_uris as readonly unknown[]
  yield check(!asksForCodes || redirects.length > 0, 'redirect_uris', 'at least one, for authorization_code')
  yield check(
    require_pkce === true || method !== 'none',
    'require_pkce',
    'false only for a client with a secret or keys',
  )
}

function unknownMember(members: Members): string | undefined {
  const known: readonly string[] = [...ours, ...ignored, 'response_types']
  const unknown = Object.keys(members).find((name) => !known.includes(name))
  return unknown === undefined
    ? undefined
    : `${unknown} is not a member of a client. The members are ${ours.join(', ')}.`
}

function isResponseTypes(value: unknown, asksForCodes: boolean): boolean {
  const text = JSON.stringify(value)
  return text === '["code"]' || (text === '[]' && !asksForCodes)
}

const check = (isRight: boolean, member: string, allowed: string): string | undefined =>
  isRight ? undefined : `${member} must be ${allowed}.`

const allowedClientId =
  'a string of 1 to 128 letters, digits, dots, dashes, tildes and underscores, not beginning with lk_'

const allowedName = 'a string of 1 to 64 characters that people can see'

function isListOf<T extends string>(value: unknown, is: (item: T) => boolean): value is readonly T[] {
  if (!Array.isArray(value) || value.length > 20 || new Set(value).size !== value.length) return false
  return value.every((item) => typeof item === 'string' && is(item as T))
}

const defaultGrants = ['authorization_code'] as const
const defaultMethod = 'client_secret_basic'

// The members have been checked.
function toRegistration(members: Members): ClientRegistration {
  const keys = readClientKeys(members['jwks'])
  const list = (name: string, absent: readonly string[] = []) => (members[name] ?? absent) as readonly string[]
  return {
    id: members['client_id'] as string,
    name: members['client_name'] as string | undefined,
    redirectUris: list('redirect_uris'),
    postLogoutRedirectUris: list('post_logout_redirect_uris'),
    grantTypes: list('grant_types', defaultGrants) as ClientRegistration['grantTypes'],
    scope: readScope((members['scope'] ?? '') as string) ?? [],
    authMethod: (members['token_endpoint_auth_method'] ?? defaultMethod) as ClientRegistration['authMethod'],
    ...(keys && { keys }),
    isFirstParty: members['first_party'] === true,
    requiresPkce: members['require_pkce'] !== false,
  }
}

/** The metadata of a client, as `readClientMetadata` reads it: everything is stated, what was left out too. */
export const clientMetadataOf = (client: ClientRegistration): Members => ({
  client_id: client.id,
  ...(client.name !== undefined && { client_name: client.name }),
  redirect_uris: client.redirectUris,
  post_logout_redirect_uris: client.postLogoutRedirectUris,
  grant_types: client.grantTypes,
  scope: client.scope.join(' '),
  token_endpoint_auth_method: client.authMethod,
  ...(client.keys && { jwks: { keys: client.keys } }),
  first_party: client.isFirstParty,
  require_pkce: client.requiresPkce,
})
