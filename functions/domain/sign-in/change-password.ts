import type { Account, AccountStore } from '../accounts/account.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { Clock } from '../clock.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { Password } from '../passwords/password.ts'
import { checkNewPassword, type PasswordPolicy, type PasswordRefusal } from '../passwords/password-policy.ts'
import type { PasswordStore } from '../passwords/password-store.ts'
import { fail, type Result, succeed } from '../result.ts'
import { deleteEndedSessions } from '../sessions/end-sessions.ts'
import {
  checkAlive,
  type Session,
  type SessionEnd,
  type SessionLimits,
  type SessionStore,
} from '../sessions/session.ts'
import type { StartSession, Tokens } from '../sessions/start-session.ts'
import type { Throttle, ThrottleFailure } from '../throttling/throttle.ts'

/**
 * `sub` and `sid` are the caller's, from our authorizer; `address` is the source of the request. `sent` is the current
 * password before NFC, which only an imported hash is compared with.
 */
type PasswordChange = {
  readonly sub: string
  readonly sid: string
  readonly current: Password
  readonly sent?: string | undefined
  readonly next: Password
  readonly address: string
}

export type ChangePasswordFailure =
  | PasswordRefusal
  | ThrottleFailure
  | SessionEnd
  | { readonly reason: 'unknown_session' | 'wrong_password' | 'changed_meanwhile' }

export type ChangePassword = (change: PasswordChange) => Promise<Result<Tokens, ChangePasswordFailure>>

type Dependencies = {
  readonly sessions: Pick<SessionStore, 'findSession' | 'readEpoch' | 'listSessions' | 'deleteSession'>
  readonly accounts: Pick<AccountStore, 'findAccount'>
  readonly passwords: Pick<PasswordStore, 'findHash' | 'changeHash'>
  readonly throttle: Throttle
  readonly hasher: Pick<PasswordHasher, 'hash' | 'verify' | 'decoy'>
  readonly startSession: StartSession
  readonly policy: PasswordPolicy
  readonly clock: Clock
  readonly limits: SessionLimits
}

/**
 * Changes the password of the caller's account. The current one is required and counted on the subject, so that nobody
 * who guesses at the log-in can keep the owner from changing it. All sessions end; the caller gets a new one.
 */
export function createChangePassword(dependencies: Dependencies): ChangePassword {
  const { sessions, passwords, hasher, throttle, startSession } = dependencies
  return async (change) => {
    const { sub, current, sent, next } = change
    const caller = await readLiveCaller(change, dependencies)
    if (!caller.ok) return caller
    const { session, epoch } = caller.value

    const admitted = await admit(change, caller.value, dependencies)
    if (!admitted.ok) return admitted
    const { account, passwordHash } = admitted.value
    const matches = await hasher.verify(current, passwordHash ?? hasher.decoy, sent)
    if (passwordHash === undefined || !matches) return fail({ reason: 'wrong_password' })

    const [to] = await allSettledThenThrow([hasher.hash(next), throttle.clear({ sub })])
    const changedEpoch = await passwords.changeHash(sub, { from: passwordHash, to, epoch })
    if (changedEpoch === undefined) return fail({ reason: 'changed_meanwhile' })
    await deleteEndedSessions(sessions, sub)
    return startSession({ account, epoch: changedEpoch, clientId: session.clientId, asked: session.scope })
  }
}

type Caller = { readonly session: Session; readonly epoch: number }

async function readLiveCaller(
  { sub, sid }: PasswordChange,
  { sessions }: Dependencies,
): Promise<Result<Caller, ChangePasswordFailure>> {
  const [session, epoch] = await allSettledThenThrow([sessions.findSession(sub, sid), sessions.readEpoch(sub)])
  if (!session) return fail({ reason: 'unknown_session' })
  return session.epoch === epoch ? succeed({ session, epoch }) : fail({ reason: 'session_ended' })
}

type Admitted = { readonly account: Account; readonly passwordHash: string | undefined }

async function admit(
  { sub, next, address }: PasswordChange,
  { session }: Caller,
  { accounts, passwords, throttle, policy, clock, limits }: Dependencies,
): Promise<Result<Admitted, ChangePasswordFailure>> {
  const [found, passwordHash] = await allSettledThenThrow([accounts.findAccount(sub), passwords.findHash(sub)])
  const account = checkAlive(session, found, clock(), limits)
  if (!account.ok) return account
  // Before the attempt is counted: being told to choose another password should cost none.
  const checked = checkNewPassword(policy, next, account.value.identifiers)
  if (!checked.ok) return checked
  const onAddress = await throttle.reserveOnAddress(address)
  if (!onAddress.ok) return onAddress
  const onAccount = await throttle.reserveOnAccount({ sub })
  return onAccount.ok ? succeed({ account: account.value, passwordHash }) : onAccount
}
