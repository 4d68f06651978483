import type { AccountStore } from '../accounts/account.ts'
import type { Clock } from '../clock.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { Password } from '../passwords/password.ts'
import { checkNewPassword, type PasswordPolicy, type PasswordRefusal } from '../passwords/password-policy.ts'
import type { PasswordStore } from '../passwords/password-store.ts'
import { fail, type Result } from '../result.ts'
import { deleteEndedSessions } from '../sessions/end-sessions.ts'
import type { CodeGrant, SessionLimits, SessionStore } from '../sessions/session.ts'
import type { StartSession, Tokens } from '../sessions/start-session.ts'
import type { Throttle } from '../throttling/throttle.ts'
import type { FindCredentials } from './factor-store.ts'
import type { FactorRules } from './next-step.ts'
import { createVerifyOwner, type OwnerClaim, type OwnerFailure } from './verify-owner.ts'

type PasswordChange = OwnerClaim & { readonly next: Password }

export type ChangePasswordFailure = PasswordRefusal | OwnerFailure | { readonly reason: 'changed_meanwhile' }

/** `tell` is called as soon as the password is another, so that the owner hears of it whatever fails after that. */
export type ChangePassword = (
  change: PasswordChange,
  tell?: () => Promise<void>,
) => Promise<Result<Tokens, ChangePasswordFailure>>

type Dependencies = {
  readonly sessions: Pick<SessionStore, 'findSession' | 'readEpoch' | 'listSessions' | 'deleteSession'>
  readonly accounts: Pick<AccountStore, 'findAccount'>
  readonly passwords: Pick<PasswordStore, 'changeHash'>
  readonly findCredentials: FindCredentials
  readonly factorRules: Pick<FactorRules, 'policy'>
  readonly throttle: Throttle
  readonly hasher: Pick<PasswordHasher, 'hash' | 'verify' | 'decoy'>
  readonly startSession: StartSession
  readonly policy: PasswordPolicy
  readonly clock: Clock
  readonly limits: SessionLimits
}

/** Changes the password of the caller's account. The current one is required. All sessions end; the caller gets a new one. */
export function createChangePassword(dependencies: Dependencies): ChangePassword {
  const { sessions, passwords, hasher, startSession, policy } = dependencies
  const verifyOwner = createVerifyOwner(dependencies)
  return async ({ next, ...claim }, tell) => {
    const { sub } = claim
    const owner = await verifyOwner(claim, ({ identifiers }) => checkNewPassword(policy, next, identifiers))
    if (!owner.ok) return owner
    const { account, session, epoch, passwordHash } = owner.value

    const to = await hasher.hash(next)
    const changedEpoch = await passwords.changeHash(sub, { from: passwordHash, to, epoch })
    if (changedEpoch === undefined) return fail({ reason: 'changed_meanwhile' })
    await tell?.()
    await deleteEndedSessions(sessions, sub)
    return startSession({
      ...{ account, epoch: changedEpoch, clientId: session.clientId, asked: session.scope },
      // Knowing the password is no log-in: the new session is as fresh and as strong as the one before.
      authentication: { authTime: session.authTime, amr: session.amr },
      code: session.codeGrant && { grant: withoutSso(session.codeGrant) },
    })
  }
}

// The browser's session has ended with all others, and only the caller's goes on.
const withoutSso = ({ sso: _, ...grant }: CodeGrant): CodeGrant => ({ ...grant, isOffline: true })
