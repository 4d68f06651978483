import type { User, UserStore } from '../accounts/account.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { Clock } from '../clock.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { Password } from '../passwords/password.ts'
import { checkNewPassword, type PasswordPolicy, type PasswordRefusal } from '../passwords/password-policy.ts'
import { fail, type Result, succeed } from '../result.ts'
import {
  checkAlive,
  type Session,
  type SessionEnd,
  type SessionLimits,
  type SessionStore,
} from '../sessions/session.ts'
import type { StartSession, Tokens } from '../sessions/start-session.ts'
import type { Throttle } from '../throttling/throttle.ts'
import type { Authenticate, AuthenticationFailure } from './authenticate.ts'

/** `sub` and `sid` are the caller's, as our authorizer says; `address` is where the call comes from. */
type PasswordChange = {
  readonly sub: string
  readonly sid: string
  readonly current: Password
  readonly next: Password
  readonly address: string
}

export type ChangePasswordFailure =
  | PasswordRefusal
  | AuthenticationFailure
  | SessionEnd
  | { readonly reason: 'unknown_session' | 'changed_meanwhile' }

export type ChangePassword = (change: PasswordChange) => Promise<Result<Tokens, ChangePasswordFailure>>

export type ChangePasswordDependencies = {
  readonly sessions: Pick<SessionStore, 'findSession' | 'deleteSessions'>
  readonly users: Pick<UserStore, 'setPassword'>
  readonly authenticate: Authenticate
  readonly throttle: Pick<Throttle, 'clear'>
  readonly hasher: Pick<PasswordHasher, 'hash'>
  readonly startSession: StartSession
  readonly policy: PasswordPolicy
  readonly clock: Clock
  readonly limits: SessionLimits
}

/**
 * Changes the password of the caller's account. The current one is asked for, as at a log-in and counted like one there;
 * all sessions end, the caller's own too, which gets a new one.
 */
export function createChangePassword(dependencies: ChangePasswordDependencies): ChangePassword {
  const { sessions, users, hasher, throttle } = dependencies
  return async (change) => {
    const session = await sessions.findSession(change.sub, change.sid)
    if (!session) return fail({ reason: 'unknown_session' })
    const user = await admit(change, session, dependencies)
    if (!user.ok) return user
    // In one write, and from the hash that was matched: of two changes at once one wins, and no session outlives it.
    const { username, passwordHash } = user.value
    const [hash] = await allSettledThenThrow([hasher.hash(change.next), throttle.clear(username)])
    const changed = await users.setPassword(username, hash, passwordHash)
    if (!changed) return fail({ reason: 'changed_meanwhile' })
    return succeed(await startAnew(changed, session, dependencies))
  }
}

async function admit(
  { current, next, address }: PasswordChange,
  session: Session,
  { authenticate, policy, clock, limits }: ChangePasswordDependencies,
): Promise<Result<User, ChangePasswordFailure>> {
  const { username } = session
  // First what costs nothing: who is told to choose another password has not used up an attempt.
  const checked = checkNewPassword(policy, next, username)
  if (!checked.ok) return checked
  const authentication = await authenticate({ username, password: current, address })
  return authentication.ok ? checkAlive(session, authentication.value, clock(), limits) : authentication
}

async function startAnew(
  user: User,
  { clientId, scope }: Session,
  { sessions, startSession }: ChangePasswordDependencies,
): Promise<Tokens> {
  await sessions.deleteSessions(user.sub)
  return startSession(user, clientId, scope)
}
