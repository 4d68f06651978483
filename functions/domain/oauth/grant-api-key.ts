import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import { type ApiKey, apiKeyClient, isSecretOf, readApiKey } from '../clients/api-key.ts'
import type { ClientFailure } from '../clients/authenticate-client.ts'
import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'
import { findResource, scopeWithin, type Targets } from '../scopes/resources.ts'
import { formatScope, grantScope } from '../scopes/scope.ts'
import { keySessionId } from '../sessions/key-session.ts'
import type { FindAccount, Session } from '../sessions/session.ts'
import type { IssueAccessToken } from '../tokens/access-token.ts'
import type { GrantMachine, MachineFailure } from './grant-machine.ts'

/**
 * What became of a key since it was created. `epoch` is that of its owner; keys of an epoch before `keysFrom` have ended.
 * `ends` counts how often its tokens were ended. `sessionId` is the session that began last, at `renewedAt`.
 */
type KeyState = {
  readonly epoch: number
  readonly keysFrom: number
  readonly ends: number
  readonly sessionId: string | undefined
  readonly renewedAt: number
  /** The beginning of a day, UTC. */
  readonly lastUsedAt: number
}

/** What the exchange of keys reads and writes. Reads are strongly consistent. */
export type KeyExchange = {
  readonly findApiKey: (id: string) => Promise<ApiKey | undefined>
  /** Undefined for a key that has been revoked. One call. */
  readonly findKeyState: (key: ApiKey) => Promise<KeyState | undefined>
  /**
   * Stores the session of a key, or stores it again, in one transaction. False, and nothing stored, where the key was
   * revoked, the epoch of its owner raised, or its tokens ended, since `state` was read.
   */
  readonly putKeySession: (key: ApiKey, state: KeyState, session: Session, expiresAt: number) => Promise<boolean>
  /** Notes the day of the last use, unless that day or a later one is noted. */
  readonly noteUse: (key: ApiKey, day: number) => Promise<void>
}

type Dependencies = {
  readonly keys: KeyExchange
  readonly findAccount: FindAccount
  readonly countFailure: (address: string) => Promise<Result<void, ClientFailure>>
  readonly issueAccessToken: IssueAccessToken
  readonly clock: Clock
  /** The scopes of the service. */
  readonly scopes: readonly string[]
  readonly targets: Targets
}

/**
 * Exchanges an API key for an access token of its owner (RFC 6749 section 4.4): at most the scope of the key, within what the
 * owner may do by now. The request for an unknown key and one with a wrong secret make the same calls.
 */
export function createGrantApiKey({ keys, findAccount, countFailure, ...dependencies }: Dependencies): GrantMachine {
  const { issueAccessToken, clock, scopes, targets } = dependencies
  const authenticate = createAuthenticateKey({ keys, findAccount, clock })
  return async ({ credentials, asked, resource: named, address }) => {
    const authenticated = await authenticate(credentials.clientId, credentials.secret?.text ?? '')
    if (!authenticated.ok) {
      const counted = await countFailure(address)
      return counted.ok ? authenticated : counted
    }
    const { key, state, accountScope } = authenticated.value
    const clientId = apiKeyClient(key.id)
    const resource = findResource(named, targets)
    if (!resource.ok) return fail({ ...resource.failure, clientId })
    const session = sessionOf(key, state, clock())
    const { sub, id: sessionId } = session
    const scope = grantScope(asked, accountScope, key.scope, scopeWithin(scopes, resource.value))
    const granted = { scope: formatScope(scope), audience: resource.value?.url }
    const accessToken = await issueAccessToken({ subject: sub, clientId, sessionId, ...granted })
    const isCurrent = state.sessionId === sessionId && state.renewedAt >= session.createdAt - renewal
    if (!isCurrent && !(await keys.putKeySession(key, state, session, session.createdAt + lifetime)))
      return fail({ reason: 'session_ended', clientId })
    const today = toDay(session.createdAt)
    if (isCurrent && state.lastUsedAt < today) await keys.noteUse(key, today)
    return succeed({ accessToken, scope, clientId, sessionId, sub })
  }
}

// In seconds. What nobody uses any more is forgotten, and a renewed one outlives every access token.
const lifetime = 30 * 86_400
const renewal = 28 * 86_400

/** The beginning of a day, UTC. */
export const toDay = (time: number): number => Math.floor(time / 86_400) * 86_400

type Authenticated = { readonly key: ApiKey; readonly state: KeyState; readonly accountScope: readonly string[] }

function createAuthenticateKey({ keys, findAccount, clock }: Pick<Dependencies, 'keys' | 'findAccount' | 'clock'>) {
  return async (named: string, secret: string): Promise<Result<Authenticated, MachineFailure>> => {
    const read = readApiKey(secret)
    if (!read || named !== apiKeyClient(read.id)) return fail({ reason: 'malformed_key' })
    const key = await keys.findApiKey(read.id)
    if (!key) return fail({ reason: 'unknown_key' })
    const clientId = named
    if (!isSecretOf(key, read.secret)) return fail({ reason: 'wrong_key', clientId })
    if (clock() >= key.expiresAt) return fail({ reason: 'key_expired', clientId })
    // At once: an account that is disabled after it was read has ended its keys in the same transaction.
    const [account, state] = await allSettledThenThrow([findAccount(key.sub), keys.findKeyState(key)])
    if (!account || account.disabled || !state || key.epoch < state.keysFrom)
      return fail({ reason: 'key_ended', clientId })
    return succeed({ key, state, accountScope: account.scope })
  }
}

/**
 * In the form of a session that a client of somebody else's began, so every route for people refuses it. No secret has the
 * empty hash, so nothing refreshes it.
 */
const sessionOf = ({ id, sub }: ApiKey, { epoch, ends }: KeyState, now: number): Session => ({
  ...{ id: keySessionId(id, epoch, ends), sub, clientId: apiKeyClient(id), scope: [], epoch },
  ...{ authTime: now, amr: ['pwd'], createdAt: now, lastUsedAt: now, secretHash: '', lateRetries: [] },
  codeGrant: { registration: id, isFirstParty: false, isOffline: true },
})
