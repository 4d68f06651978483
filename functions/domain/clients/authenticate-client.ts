import { fail, type Result, succeed } from '../result.ts'
import type { Client, FindClient } from './client.ts'
import type { ClientKey } from './client-keys.ts'
import { hasSecret } from './client-secret.ts'

/** A JWT by which a client proves who it is (RFC 7523 section 2.2), taken apart; what it says is not verified yet. */
export type ClientAssertion = {
  readonly jws: string
  readonly clientId: string
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/** Who a client says that it is at /token, and the secret that it sent, in the way that it was sent, or its assertion. */
export type ClientCredentials = {
  readonly clientId: string
  readonly secret?: { readonly text: string; readonly sentBy: 'client_secret_basic' | 'client_secret_post' } | undefined
  readonly assertion?: ClientAssertion | undefined
}

type AssertionFailure = {
  readonly reason:
    | 'assertion_header'
    | 'assertion_claims'
    | 'assertion_audience'
    | 'assertion_times'
    | 'assertion_signature'
    | 'assertion_reused'
}

/** Finds the public keys of a client; none where they cannot be had. */
export type FindClientKeys = (client: Client) => Promise<readonly ClientKey[]>

/**
 * Verifies an assertion by the keys of the client, and uses it up. Without keys it does the same work, and fails. They are
 * looked for only when all but the signature is right.
 */
export type VerifyClientAssertion = (
  assertion: ClientAssertion,
  findKeys: () => Promise<readonly ClientKey[]>,
) => Promise<Result<void, AssertionFailure>>

/** For the log only: the response is the same for all of them. `clientId` is that of a client that exists. */
type WrongClient = {
  readonly reason: 'unknown_client' | 'wrong_client_secret' | 'wrong_client_method' | AssertionFailure['reason']
  readonly clientId?: string
}

export type AuthenticateClient = (credentials: ClientCredentials) => Promise<Result<Client, WrongClient>>

/** `retryAfter` in seconds. */
type AddressLimited = { readonly reason: 'address_limited'; readonly retryAfter: number }

/** For the log only too: of an API key. */
type WrongApiKey = {
  readonly reason: 'malformed_key' | 'unknown_key' | 'wrong_key' | 'key_expired' | 'key_ended'
  readonly clientId?: string
}

export type ClientFailure = WrongClient | WrongApiKey | AddressLimited

/** Authenticates a client that sends its request from this address. */
export type AuthenticateClientFrom = (
  credentials: ClientCredentials,
  address: string,
) => Promise<Result<Client, ClientFailure>>

/**
 * Authenticates a registered client as it is registered, and in no other way (RFC 6749 section 2.3.1): one with a secret
 * must send it, one with keys an assertion, and one without must not send any.
 */
export const createAuthenticateClient =
  (findClient: FindClient, verifyAssertion: VerifyClientAssertion, findKeys: FindClientKeys): AuthenticateClient =>
  async ({ clientId, secret, assertion }) => {
    const client = await findClient(clientId)
    const sentBy = assertion ? 'private_key_jwt' : (secret?.sentBy ?? 'none')
    const isRegisteredSo = client?.authMethod === sentBy
    const proved = assertion && (await verifyAssertion(assertion, async () => (isRegisteredSo ? findKeys(client) : [])))
    if (!client) return fail({ reason: 'unknown_client' })
    if (!isRegisteredSo) return fail({ reason: 'wrong_client_method', clientId })
    if (proved?.ok === false) return fail({ ...proved.failure, clientId })
    if (secret && !hasSecret(client, secret.text)) return fail({ reason: 'wrong_client_secret', clientId })
    return succeed(client)
  }

/**
 * Counts what fails, by address: one that has failed too often is told to wait, whatever it tries next. Nothing is counted
 * by client, and who has the right secret is never turned away: nobody guesses 256 bits, but a count that locks would let
 * anyone stop a machine.
 */
export const createAuthenticateClientFrom =
  (
    authenticate: AuthenticateClient,
    countFailure: (address: string) => Promise<Result<void, AddressLimited>>,
  ): AuthenticateClientFrom =>
  async (credentials, address) => {
    const client = await authenticate(credentials)
    if (client.ok) return client
    const counted = await countFailure(address)
    return counted.ok ? client : counted
  }
