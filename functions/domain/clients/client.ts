import type { ClientKey } from './client-keys.ts'

const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials'] as const
const authMethods = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const

/** What a client may do at /token (RFC 7591 section 2). */
export type GrantType = (typeof grantTypes)[number]

/** How a client proves who it is at /token (RFC 7591 section 2). */
export type AuthMethod = (typeof authMethods)[number]

export const isGrantType = (value: unknown): value is GrantType => grantTypes.some((each) => each === value)
export const isAuthMethod = (value: unknown): value is AuthMethod => authMethods.some((each) => each === value)

// Without what form encoding or HTTP's Basic scheme would change (RFC 6749 section 2.3.1).
const clientIdForm = /^(?!lk_)[\w.~-]{1,128}$/

/** Whether a client can be registered with this id, so that it is worth a look-up. */
export const isClientId = (value: unknown): value is string => typeof value === 'string' && clientIdForm.test(value)

// Letters and blanks that show nothing are default-ignorable, but for that of Braille; emoji have a selector behind them. Marks
// on marks would cover the lines above and below, and no language has five.
const clientNameForm = /^(?!.*\p{M}{5})(?:[^\p{C}\p{DI}\p{Zl}\p{Zp}\u2800]\ufe0f?){1,64}$/u

/** Whether a client may be shown by this name: up to 64 characters, all of them visible. */
export const isClientName = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() === value && clientNameForm.test(value)

/** What a client is registered with. `name` is what consent pages call it. */
export type ClientRegistration = {
  readonly id: string
  readonly name: string | undefined
  readonly redirectUris: readonly string[]
  readonly postLogoutRedirectUris: readonly string[]
  readonly grantTypes: readonly GrantType[]
  /** What it may be granted of the service's own scopes. */
  readonly scope: readonly string[]
  readonly authMethod: AuthMethod
  /** Its public keys; only with `private_key_jwt`, and then at least one. */
  readonly keys?: readonly ClientKey[]
  /** Of the owner of the service: nobody is asked for consent, and its tokens may change an account. */
  readonly isFirstParty: boolean
  /** Whether an authorization request must have a code challenge. Only a client with a secret may do without. */
  readonly requiresPkce: boolean
}

/** A secret of a client, as it is kept: it has 256 random bits, so a fast hash without salt is enough. */
export type ClientSecret = { readonly hash: string; readonly createdAt: number }

/**
 * A registered client. `registration` is random, and another one where an id was deleted and registered again: sessions of
 * the former client have ended. `secrets` are at most two, the latest first. `createdAt` is a NumericDate in whole seconds.
 */
export type Client = ClientRegistration & {
  readonly registration: string
  readonly createdAt: number
  readonly secrets: readonly ClientSecret[]
  /** What registered it: an administrator, or a deployment, which only changes and deletes clients of its own. */
  readonly registeredBy: string
}

/** Finds a registered client. Strongly consistent, one call; none for an id that no client can have. */
export type FindClient = (id: string) => Promise<Client | undefined>

/** Where registered clients are kept. Each change is one conditional write or one transaction. */
export type ClientStore = {
  readonly findClient: FindClient
  /** By id, ascending. */
  readonly listClients: () => Promise<readonly Client[]>
  /**
   * Puts a client, new or in the place of `before`. False, and nothing changed, where what is stored is not `before`: it
   * was changed, deleted or registered meanwhile.
   */
  readonly putClient: (client: Client, before: Client | undefined) => Promise<boolean>
  /** Deletes a client as it was read. False, and nothing changed, where it is another by now. */
  readonly deleteClient: (client: Client) => Promise<boolean>
}

/** Whether it has no secret to keep (RFC 6749 section 2.1). */
export const isPublic = ({ authMethod }: Pick<Client, 'authMethod'>): boolean => authMethod === 'none'

/** Whether it proves who it is by a secret, and not by nothing or by its keys. */
export const needsSecret = ({ authMethod }: Pick<Client, 'authMethod'>): boolean =>
  authMethod.startsWith('client_secret')

/** What people are told that it is called. */
export const displayName = ({ id, name }: Pick<Client, 'id' | 'name'>): string => name ?? id
