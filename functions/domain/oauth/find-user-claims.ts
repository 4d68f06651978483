import type { Account, AccountStore } from '../accounts/account.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'
import { readScope } from '../scopes/scope.ts'
import { checkAlive, type SessionEnd, type SessionLimits, type SessionStore } from '../sessions/session.ts'
import type { AccessTokenClaims } from '../tokens/access-token.ts'
import { userClaims } from './user-claims.ts'

export type UserClaimsFailure = SessionEnd | { readonly reason: 'insufficient_scope' | 'unknown_session' }

/** The claims about the person of an access token, as they are now. */
export type FindUserClaims = (
  token: AccessTokenClaims,
) => Promise<Result<Readonly<Record<string, unknown>>, UserClaimsFailure>>

type Dependencies = {
  readonly sessions: Pick<SessionStore, 'findSession' | 'readEpoch'>
  readonly accounts: Pick<AccountStore, 'findAccount'>
  readonly clock: Clock
  readonly limits: SessionLimits
}

/** The session must be alive: a client is not told of someone who has signed out or left. */
export function createFindUserClaims({ sessions, accounts, clock, limits }: Dependencies): FindUserClaims {
  return async ({ sub, sid, scope = '' }) => {
    const granted = readScope(scope) ?? []
    if (!granted.includes('openid')) return fail({ reason: 'insufficient_scope' })
    const [session, epoch, found] = await allSettledThenThrow([
      sid === undefined ? undefined : sessions.findSession(sub, sid),
      sessions.readEpoch(sub),
      accounts.findAccount(sub),
    ])
    if (!session) return fail({ reason: 'unknown_session' })
    if (session.epoch !== epoch) return fail({ reason: 'session_ended' })
    const account = checkAlive<Account>(session, found, clock(), limits)
    return account.ok ? succeed(userClaims(account.value, granted)) : account
  }
}
