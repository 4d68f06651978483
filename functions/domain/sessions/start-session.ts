import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { Authentication } from '../authentication.ts'
import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'
import { formatScope, grantScope, withIdentity } from '../scopes/scope.ts'
import type { IssueAccessToken } from '../tokens/access-token.ts'
import type { AskClaims } from './ask-claims.ts'
import { formatRefreshToken, hashSecret, newFamily, newSecret, type RandomBytes, sessionIdOf } from './refresh-token.ts'
import {
  byAge,
  type CodeGrant,
  expiryOf,
  isExpired,
  type Session,
  type SessionAccount,
  type SessionLimits,
  type SessionStore,
} from './session.ts'

/** What a client gets: the tokens, and their scope. */
export type Tokens = {
  readonly accessToken: string
  readonly refreshToken: string
  readonly scope: readonly string[]
}

/** `epoch` was read before account and credentials. `asked` undefined grants all that account and service allow. */
type SessionRequest = {
  readonly account: SessionAccount
  readonly epoch: number
  readonly clientId: string
  readonly asked: readonly string[] | undefined
  readonly authentication: Authentication
  /** Whether a browser's session is to outlive the browser. */
  readonly isKept?: boolean
  /** The browser's session that a factor is added to: nothing begins where that has ended. */
  readonly sso?: string | undefined
  /** Of a client of the code flow: `asked` may have identity scopes. */
  readonly code?: CodeSession | undefined
}

/** A session of a client of the code flow. Where a code begins it, its family is chosen before the code is used up. */
type CodeSession = { readonly grant: Omit<CodeGrant, 'isOffline'>; readonly family?: Uint8Array }

/** Someone's sessions were ended while another one was about to begin. */
export type SessionEnded = { readonly reason: 'session_ended'; readonly sub: string }

/** Begins what someone gets who has been authenticated. Fails where their sessions were ended since `epoch` was read. */
export type Start<Started> = (request: SessionRequest) => Promise<Result<Started, SessionEnded>>

export type StartSession = Start<Tokens>

type Dependencies = {
  readonly sessions: Pick<SessionStore, 'putNewSession' | 'listSessions' | 'deleteSession'>
  readonly issueAccessToken: IssueAccessToken
  /** Undefined where the owner has no hook. */
  readonly askClaims: AskClaims | undefined
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly limits: SessionLimits
  /** At most this many sessions per account at a time. */
  readonly perUser: number
  /** The scopes of the service: one that it has dropped is not granted, whatever the account says. */
  readonly scopes: readonly string[]
}

/** Begins the session of someone who has just been authenticated. No token leaves before its session is stored. */
export function createStartSession(dependencies: Dependencies): StartSession {
  const { issueAccessToken, askClaims, clock, randomBytes, scopes } = dependencies
  return async ({ account, epoch, clientId, asked, authentication: { authTime, amr }, code }) => {
    const { sub, groups } = account
    const granted = code
      ? grantScope(asked, withIdentity(account.scope), withIdentity(scopes))
      : grantScope(asked, account.scope, scopes)
    // Before anything is stored, so that a hook that fails leaves no session.
    const occasion = code ? 'code' : 'log_in'
    const { claims, scope } = (await askClaims?.({ sub, clientId, scope: granted, groups, occasion })) ?? {
      scope: granted,
    }
    const family = code?.family ?? newFamily(randomBytes)
    const secret = newSecret(randomBytes)
    const now = clock()
    const session: Session = {
      ...{ id: sessionIdOf(family), sub, clientId, scope, epoch, authTime, amr },
      ...{ createdAt: now, lastUsedAt: now, secretHash: hashSecret(secret), lateRetries: [] },
      ...(claims && { claims }),
      // What the owner's hook has taken away was not granted.
      ...(code && { codeGrant: { ...code.grant, isOffline: scope.includes('offline_access') } }),
    }
    // Signed first: otherwise each try while KMS is down would leave a session, and in time push out the real ones.
    const accessToken = await issueAccessToken(grantOf(session, scope, account, claims))
    if (!(await storeSession(session, dependencies))) return fail({ reason: 'session_ended', sub })
    return succeed({ accessToken, refreshToken: formatRefreshToken({ subject: sub, family, secret }), scope })
  }
}

/** What an access token of a session states. */
export const grantOf = (
  { sub, clientId, id, authTime, amr, codeGrant }: Session,
  scope: readonly string[],
  { groups }: SessionAccount,
  claims: string | undefined,
) => ({
  subject: sub,
  clientId,
  sessionId: id,
  scope: formatScope(scope),
  audience: codeGrant?.resource,
  authTime: Math.floor(authTime),
  amr,
  groups,
  claims: claims && JSON.parse(claims),
})

// Put first, then counted and compared with the epoch: whatever ends sessions either finds this one or is seen here, and
// of any number of log-ins at once the last to count sees the sessions of all.
async function storeSession(session: Session, { sessions, limits, perUser }: Dependencies): Promise<boolean> {
  await sessions.putNewSession(session, expiryOf(session, limits))
  const listed = await sessions.listSessions(session.sub)
  if (listed.epoch !== session.epoch) {
    await sessions.deleteSession(session.sub, session.id)
    return false
  }
  // Not those of API keys, which have no refresh token, and are bounded by themselves.
  const alive = listed.sessions.filter(
    (each) => each.secretHash !== '' && each.epoch === listed.epoch && !isExpired(each, session.createdAt, limits),
  )
  const replaced = alive.filter((each) => isReplacedBy(each, session))
  const kept = alive.filter((each) => !replaced.includes(each))
  const surplus = [...replaced, ...kept.toSorted(byAge).slice(perUser)]
  await allSettledThenThrow(surplus.map(({ sub, id }) => sessions.deleteSession(sub, id)))
  return true
}

// A client that asks again for one resource in one browser has lost or dropped what it had.
const isReplacedBy = (former: Session, { id, clientId, codeGrant }: Session): boolean =>
  codeGrant?.sso !== undefined &&
  former.id !== id &&
  former.clientId === clientId &&
  former.codeGrant?.sso === codeGrant.sso &&
  former.codeGrant.resource === codeGrant.resource
