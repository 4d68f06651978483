import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { Clock } from '../clock.ts'
import { formatScope, grantScope } from '../scopes/scope.ts'
import type { IssueAccessToken } from '../tokens/access-token.ts'
import { formatRefreshToken, hashSecret, newFamily, newSecret, type RandomBytes, sessionIdOf } from './refresh-token.ts'
import {
  byAge,
  checkAlive,
  expiryOf,
  type Session,
  type SessionAccount,
  type SessionLimits,
  type SessionStore,
} from './session.ts'

/** What a client gets: the tokens, and the scope that they have. */
export type Tokens = {
  readonly accessToken: string
  readonly refreshToken: string
  readonly scope: readonly string[]
}

/** Grants all that the account and the service allow if `asked` is undefined, else only that part of it. */
export type StartSession = (
  account: SessionAccount,
  clientId: string,
  asked: readonly string[] | undefined,
) => Promise<Tokens>

export type StartDependencies = {
  readonly sessions: Pick<SessionStore, 'putNewSession' | 'listSessions' | 'deleteSession'>
  readonly issueAccessToken: IssueAccessToken
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly limits: SessionLimits
  /** At most this many sessions per account at a time. */
  readonly perUser: number
  /** The scopes that the service has now: one that it has dropped is not granted, whatever the account says. */
  readonly scopes: readonly string[]
}

/** Begins the session of someone who has just been authenticated. No token leaves before its session is kept. */
export function createStartSession(dependencies: StartDependencies): StartSession {
  const { issueAccessToken, clock, randomBytes, scopes } = dependencies
  return async (account, clientId, asked) => {
    const scope = grantScope(asked, account.scope, scopes)
    const family = newFamily(randomBytes)
    const secret = newSecret(randomBytes)
    const session = newSession(
      account,
      { clientId, scope, id: sessionIdOf(family), secretHash: hashSecret(secret) },
      clock(),
    )
    // Signed first: were it last, every try while KMS is down would leave a session, and in time push out the real ones.
    const accessToken = await issueAccessToken(grantOf(session, scope))
    await keepSession(session, account, dependencies)
    return { accessToken, refreshToken: formatRefreshToken({ subject: account.sub, family, secret }), scope }
  }
}

const newSession = (
  { sub, username, epoch }: SessionAccount,
  rest: Pick<Session, 'id' | 'clientId' | 'scope' | 'secretHash'>,
  now: number,
): Session => ({ ...rest, sub, username, epoch, createdAt: now, lastUsedAt: now })

/** What an access token of a session says. */
export const grantOf = ({ sub, clientId, id, createdAt }: Session, scope: readonly string[]) => ({
  subject: sub,
  clientId,
  sessionId: id,
  scope: formatScope(scope),
  authTime: Math.floor(createdAt),
})

// Put first, then counted: of any number of log-ins at once the last to count sees the sessions of all.
async function keepSession(session: Session, account: SessionAccount, dependencies: StartDependencies): Promise<void> {
  const { sessions, limits, perUser } = dependencies
  await sessions.putNewSession(session, expiryOf(session, limits))
  const all = await sessions.listSessions(account.sub)
  const alive = all.filter((each) => checkAlive(each, account, session.createdAt, limits).ok)
  const surplus = alive.toSorted(byAge).slice(perUser)
  await allSettledThenThrow(surplus.map(({ sub, id }) => sessions.deleteSession(sub, id)))
}
