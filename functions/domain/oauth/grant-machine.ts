import type { AuthenticateClientFrom, ClientCredentials, ClientFailure } from '../clients/authenticate-client.ts'
import { type Client, isClientId } from '../clients/client.ts'
import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'
import { findResource, scopeWithin, type Targets } from '../scopes/resources.ts'
import { formatScope, grantScope, identityScopes } from '../scopes/scope.ts'
import { sha256 } from '../secret.ts'
import type { Session, SessionStore } from '../sessions/session.ts'
import type { IssueAccessToken } from '../tokens/access-token.ts'

/** `asked` and `resource` are undefined where the request does not name them. `address` is what failures are counted under. */
export type MachineRequest = {
  readonly credentials: ClientCredentials
  readonly asked: readonly string[] | undefined
  readonly resource?: string | undefined
  readonly address: string
}

/** What a machine gets: there is no refresh token, because it can ask again. `sub` is the owner of an API key. */
type MachineToken = {
  readonly accessToken: string
  readonly scope: readonly string[]
  readonly clientId: string
  readonly sessionId: string
  readonly sub?: string
}

export type MachineFailure =
  | ClientFailure
  /** `session_ended`: the client or the key was changed, or one of its tokens revoked, at the same moment. */
  | {
      readonly reason: 'unauthorized_client' | 'identity_scope' | 'unknown_resource' | 'session_ended'
      readonly clientId: string
    }

export type GrantMachine = (request: MachineRequest) => Promise<Result<MachineToken, MachineFailure>>

type Dependencies = {
  readonly authenticateClient: AuthenticateClientFrom
  readonly sessions: Pick<SessionStore, 'listSessions' | 'putNewSession' | 'readEpoch' | 'deleteSession'>
  readonly issueAccessToken: IssueAccessToken
  readonly clock: Clock
  /** The scopes of the service. */
  readonly scopes: readonly string[]
  readonly targets: Targets
}

/**
 * Issues an access token to a client for itself (RFC 6749 section 4.4). One that asks for no scope gets all that it is
 * registered with: the default that section 3.3 lets a server define. The epoch is read before the client: whatever ends
 * the client's tokens raises it in the same transaction.
 */
export function createGrantMachine({ authenticateClient, sessions, ...dependencies }: Dependencies): GrantMachine {
  const { issueAccessToken, clock, scopes, targets } = dependencies
  return async ({ credentials, asked, resource: named, address }) => {
    const listed = isClientId(credentials.clientId) ? await sessions.listSessions(credentials.clientId) : nothing
    const authenticated = await authenticateClient(credentials, address)
    if (!authenticated.ok) return authenticated
    const { id: clientId, grantTypes, scope: registered } = authenticated.value
    if (!grantTypes.includes('client_credentials')) return fail({ reason: 'unauthorized_client', clientId })
    if (asked?.some((token) => identityScopes.includes(token))) return fail({ reason: 'identity_scope', clientId })
    const resource = findResource(named, targets)
    if (!resource.ok) return fail({ ...resource.failure, clientId })

    const session = sessionOf(authenticated.value, listed.epoch, clock())
    const { id: sessionId } = session
    const scope = grantScope(asked, registered, scopeWithin(scopes, resource.value))
    const granted = { scope: formatScope(scope), audience: resource.value?.url }
    const accessToken = await issueAccessToken({ subject: clientId, clientId, sessionId, ...granted })
    const stored = listed.sessions.find(({ id }) => id === sessionId)
    if (!stored || stored.createdAt < session.createdAt - renewal) {
      await sessions.putNewSession(session, session.createdAt + lifetime)
      if ((await sessions.readEpoch(clientId)) !== listed.epoch) {
        await sessions.deleteSession(clientId, sessionId)
        return fail({ reason: 'session_ended', clientId })
      }
    }
    return succeed({ accessToken, scope, clientId, sessionId })
  }
}

const nothing = { epoch: 0, sessions: [] }

// In seconds. What nobody uses any more is forgotten, and a renewed one outlives every access token.
const lifetime = 30 * 86_400
const renewal = 28 * 86_400

/**
 * The id of the one session of a machine. Another registration and another epoch are another session, so what was ended
 * never comes back, and any number of requests at once begin the same one.
 */
export const machineSessionId = ({ registration }: Pick<Client, 'registration'>, epoch: number): string =>
  sha256(`machine\n${registration}\n${epoch}`).slice(0, 22)

/**
 * In the form of a session that a client of somebody else's began, so every route for people refuses it. No secret has the
 * empty hash, so nothing refreshes it.
 */
const sessionOf = (client: Client, epoch: number, now: number): Session => ({
  ...{ id: machineSessionId(client, epoch), sub: client.id, clientId: client.id, scope: [], epoch },
  ...{ authTime: now, amr: ['pwd'], createdAt: now, lastUsedAt: now, secretHash: '', lateRetries: [] },
  codeGrant: { registration: client.registration, isFirstParty: false, isOffline: true },
})
