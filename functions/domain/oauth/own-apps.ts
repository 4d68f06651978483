import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import { type Client, displayName, type FindClient, isClientId } from '../clients/client.ts'
import { isClientUrl } from '../clients/client-url.ts'
import { fail, type Result, succeed } from '../result.ts'
import { isFirstParty, type Session, type SessionStore } from '../sessions/session.ts'
import type { Allowance, ConsentStore, GivenConsent } from './consent.ts'

/**
 * A client of somebody else that an account has allowed something, or that holds a session of it. `resources` are what that
 * is for besides the API of the service; absent where there are none.
 */
export type OwnApp = {
  readonly clientId: string
  readonly name: string
  readonly scope: readonly string[]
  readonly resources?: readonly string[]
}

/** What an account may see and take back of what it has allowed. */
export type OwnApps = {
  /** `alive` are the account's sessions. By name. */
  readonly list: (sub: string, alive: readonly Session[]) => Promise<readonly OwnApp[]>
  readonly withdraw: (sub: string, clientId: string) => Promise<Result<void, { readonly reason: 'unknown_app' }>>
}

type Dependencies = {
  readonly consents: Pick<ConsentStore, 'listConsents' | 'deleteConsent'>
  readonly sessions: Pick<SessionStore, 'listSessions' | 'deleteSession'>
  readonly findClient: FindClient
}

export const createOwnApps = ({ consents, sessions, findClient }: Dependencies): OwnApps => ({
  list: async (sub, alive) => {
    const given = await consents.listConsents(sub)
    const held = alive.filter((session) => !isFirstParty(session))
    const ids = [...new Set([...given.map(({ client }) => client.id), ...held.map(({ clientId }) => clientId)])]
    const apps = await allSettledThenThrow(
      ids.map(async (id) => {
        const consent = given.find(({ client }) => client.id === id)
        const sessionsOfApp = held.filter(({ clientId }) => clientId === id)
        return toApp(id, { client: await findClient(id), consent, held: sessionsOfApp })
      }),
    )
    return apps.filter((app) => app !== undefined).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  },
  withdraw: async (sub, clientId) => {
    if (!isClientId(clientId) && !isClientUrl(clientId)) return fail({ reason: 'unknown_app' })
    // First the consent, so that no code that it has led to begins a session any more, then what has begun.
    const isWithdrawn = await consents.deleteConsent(sub, clientId)
    const listed = await sessions.listSessions(sub)
    // Those too that began while the client was first-party.
    const ended = listed.sessions.filter((session) => session.clientId === clientId && session.codeGrant !== undefined)
    await allSettledThenThrow(ended.map(({ id }) => sessions.deleteSession(sub, id)))
    return isWithdrawn || ended.length > 0 ? succeed(undefined) : fail({ reason: 'unknown_app' })
  },
})

type Found = {
  readonly client: Client | undefined
  readonly consent: GivenConsent | undefined
  readonly held: readonly Session[]
}

/** Undefined for a consent that allows nothing any more: its client is gone, or another one, or the owner's own. */
function toApp(clientId: string, { client, consent, held }: Found): OwnApp | undefined {
  const isGood = consent !== undefined && consent.client.registration === client?.registration && !client.isFirstParty
  if (!isGood && held.length === 0) return undefined
  const allowed: readonly Allowance[] = [
    ...(isGood ? consent.allowed : []),
    ...held.map((session) => ({ scope: session.scope, resource: session.codeGrant?.resource })),
  ]
  const scope = [...new Set(allowed.flatMap((each) => each.scope))]
  const resources = [...new Set(allowed.flatMap(({ resource = [] }) => resource))].toSorted()
  const name = client ? displayName(client) : clientId
  return { clientId, name, scope, ...(resources.length > 0 && { resources }) }
}
