import type { IssueAccessToken } from './access-token.ts'
import type { Clock } from './clock.ts'
import { finishAll } from './finish-all.ts'
import { formatRefreshToken, hashSecret, newFamily, newSecret, type RandomBytes, sessionIdOf } from './refresh-token.ts'
import { byAge, checkAlive, expiryOf, type Session, type SessionLimits, type SessionStore } from './session.ts'
import type { User } from './user.ts'

/** What a client gets: the tokens, and the scope that they have. */
export type Tokens = {
  readonly accessToken: string
  readonly refreshToken: string
  readonly scope: readonly string[]
}

export type StartSession = (user: User, clientId: string, scope: readonly string[]) => Promise<Tokens>

export type StartDependencies = {
  readonly sessions: Pick<SessionStore, 'putNewSession' | 'listSessions' | 'deleteSession'>
  readonly issueAccessToken: IssueAccessToken
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly limits: SessionLimits
  /** The most sessions that an account may have at a time. */
  readonly perUser: number
}

/** Begins the session of someone who has just been authenticated. No token leaves before its session is kept. */
export function createSessionStarter(dependencies: StartDependencies): StartSession {
  const { issueAccessToken, clock, randomBytes } = dependencies
  return async (user, clientId, scope) => {
    const family = newFamily(randomBytes)
    const secret = newSecret(randomBytes)
    const session = newSession(
      user,
      { clientId, scope, id: sessionIdOf(family), secretHash: hashSecret(secret) },
      clock(),
    )
    // Signed first: were it last, every try while KMS is down would leave a session, and in time push out the real ones.
    const accessToken = await issueAccessToken(grantOf(session, scope))
    await keepSession(session, user, dependencies)
    return { accessToken, refreshToken: formatRefreshToken({ subject: user.sub, family, secret }), scope }
  }
}

const newSession = (
  { sub, username, epoch }: User,
  rest: Pick<Session, 'id' | 'clientId' | 'scope' | 'secretHash'>,
  now: number,
): Session => ({ ...rest, sub, username, epoch, createdAt: now, lastUsedAt: now })

/** What an access token of a session says. */
export const grantOf = ({ sub, clientId, id, createdAt }: Session, scope: readonly string[]) => ({
  subject: sub,
  clientId,
  sessionId: id,
  scope,
  authTime: Math.floor(createdAt),
})

// Put first, then counted: of any number of log-ins at once the last to count sees the sessions of all.
async function keepSession(session: Session, user: User, dependencies: StartDependencies): Promise<void> {
  const { sessions, limits, perUser } = dependencies
  await sessions.putNewSession(session, expiryOf(session, limits))
  const all = await sessions.listSessions(user.sub)
  const alive = all.filter((each) => checkAlive(each, user, session.createdAt, limits).ok)
  const surplus = alive.toSorted(byAge).slice(perUser)
  await finishAll(surplus.map(({ sub, id }) => sessions.deleteSession(sub, id)))
}
