import { fail, type Result, succeed } from '../result.ts'
import type { Client, FindClient } from './client.ts'
import { hasSecret } from './client-secret.ts'

/** Who a client says that it is at /token, and the secret that it sent, in the way that it was sent. */
export type ClientCredentials = {
  readonly clientId: string
  readonly secret?: { readonly text: string; readonly sentBy: 'client_secret_basic' | 'client_secret_post' } | undefined
}

/** For the log only: the response is the same for all of them. */
type ClientFailure = { readonly reason: 'unknown_client' | 'wrong_client_secret' | 'wrong_client_method' }

export type AuthenticateClient = (credentials: ClientCredentials) => Promise<Result<Client, ClientFailure>>

/**
 * Authenticates a registered client as it is registered, and in no other way (RFC 6749 section 2.3.1): one with a secret
 * must send it, and one without must not send any.
 */
export const createAuthenticateClient =
  (findClient: FindClient): AuthenticateClient =>
  async ({ clientId, secret }) => {
    const client = await findClient(clientId)
    if (!client) return fail({ reason: 'unknown_client' })
    const { authMethod } = client
    if (authMethod !== (secret?.sentBy ?? 'none')) return fail({ reason: 'wrong_client_method' })
    if (secret && !hasSecret(client, secret.text)) return fail({ reason: 'wrong_client_secret' })
    return succeed(client)
  }
