import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'
import { type Client, type ClientRegistration, type ClientSecret, type ClientStore, needsSecret } from './client.ts'
import { hashClientSecret, newClientSecret } from './client-secret.ts'

/** A client as it is registered now. `secret` where one was made: it is shown this once. */
export type Registered = { readonly client: Client; readonly secret: string | undefined }

export type PutClientFailure = {
  readonly reason: /** The id stands for something else: a client of the settings, the issuer, an audience, a user. */
    | 'client_id_taken'
    /** It was registered by a deployment, or by another one. */
    | 'foreign_client'
    | 'unknown_scope'
    | 'changed_meanwhile'
}

/**
 * `by` is who registers it: an administrator or a deployment, which only change what they have registered themselves. What
 * follows a `#` says more about the owner, and does not count.
 */
export type PutClient = (registration: ClientRegistration, by: string) => Promise<Result<Registered, PutClientFailure>>

export type RotateSecret = (
  id: string,
) => Promise<Result<Registered, { readonly reason: 'unknown_client' | 'public_client' | 'changed_meanwhile' }>>

export type DeleteClient = (
  id: string,
  by: string,
) => Promise<Result<Client, { readonly reason: 'unknown_client' | 'foreign_client' | 'changed_meanwhile' }>>

type Dependencies = {
  readonly clients: ClientStore
  readonly randomBytes: (count: number) => Uint8Array
  readonly newId: () => string
  readonly clock: Clock
  /** The scopes of the service. */
  readonly scopes: readonly string[]
  /** Ids that stand for something else. */
  readonly reserved: readonly string[]
}

/** Registers a client, or changes one: its secrets stay, and the sessions that it has begun. */
export function createPutClient(dependencies: Dependencies): PutClient {
  const { clients, newId, clock, scopes, reserved } = dependencies
  return async (registration, by) => {
    const { id, scope } = registration
    if (reserved.includes(id)) return fail({ reason: 'client_id_taken' })
    if (!scope.every((token) => scopes.includes(token))) return fail({ reason: 'unknown_scope' })
    const before = await clients.findClient(id)
    if (before && !isOwnedBy(before, by)) return fail({ reason: 'foreign_client' })
    // A deployment writes no secrets: they would stand in a template.
    const isWithoutSecret = needsSecret(registration) && !before?.secrets.length
    const made = isWithoutSecret && by === administrator ? makeSecret(dependencies) : undefined
    const kept = before ?? { registration: newId(), createdAt: Math.floor(clock()), secrets: [] }
    const secrets = needsSecret(registration) ? [...(made ? [made.stored] : []), ...kept.secrets] : []
    const { registration: ofSessions, createdAt } = kept
    const client: Client = { ...registration, registration: ofSessions, createdAt, secrets, registeredBy: by }
    if (await clients.putClient(client, before)) return succeed({ client, secret: made?.secret })
    return fail({ reason: before ? 'changed_meanwhile' : await whyNotNew(id, clients) })
  }
}

/** What `registeredBy` says of clients that administrators have registered. */
export const administrator = 'administrator'

/** Whether the client belongs to the owner that `by` names, up to a `#`. */
export const isOwnedBy = ({ registeredBy }: Client, by: string): boolean => ownerOf(registeredBy) === ownerOf(by)

const ownerOf = (by: string): string => by.split('#', 1).join()

const whyNotNew = async (id: string, clients: ClientStore) =>
  (await clients.findClient(id)) ? 'changed_meanwhile' : 'client_id_taken'

const maxSecrets = 2

/** Makes another secret. The latest one before stays good, so that the client can be changed over; older ones end. */
export function createRotateSecret(
  dependencies: Pick<Dependencies, 'clients' | 'randomBytes' | 'clock'>,
): RotateSecret {
  const { clients } = dependencies
  return async (id) => {
    const before = await clients.findClient(id)
    if (!before) return fail({ reason: 'unknown_client' })
    if (!needsSecret(before)) return fail({ reason: 'public_client' })
    const { secret, stored } = makeSecret(dependencies)
    const client = { ...before, secrets: [stored, ...before.secrets].slice(0, maxSecrets) }
    return (await clients.putClient(client, before))
      ? succeed({ client, secret })
      : fail({ reason: 'changed_meanwhile' })
  }
}

/** Deletes a client: its codes and refresh tokens are no longer good, its access tokens until they expire. */
export const createDeleteClient =
  (clients: ClientStore): DeleteClient =>
  async (id, by) => {
    const client = await clients.findClient(id)
    if (!client) return fail({ reason: 'unknown_client' })
    if (!isOwnedBy(client, by)) return fail({ reason: 'foreign_client' })
    return (await clients.deleteClient(client)) ? succeed(client) : fail({ reason: 'changed_meanwhile' })
  }

function makeSecret({ randomBytes, clock }: Pick<Dependencies, 'randomBytes' | 'clock'>) {
  const secret = newClientSecret(randomBytes)
  const stored: ClientSecret = { hash: hashClientSecret(secret), createdAt: Math.floor(clock()) }
  return { secret, stored }
}
