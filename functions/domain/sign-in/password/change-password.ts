import type { PasswordHasher } from '../../passwords/hashing/password-hasher.ts'
import type { Password } from '../../passwords/password.ts'
import { checkNewPassword, type PasswordPolicy, type PasswordRefusal } from '../../passwords/password-policy.ts'
import type { PasswordStore } from '../../passwords/password-store.ts'
import { fail, type Result, succeed } from '../../result.ts'
import { deleteEndedSessions } from '../../sessions/end-sessions.ts'
import type { LiveSession, LiveSso, SessionCaller } from '../../sessions/live-session.ts'
import type { CodeGrant, SessionStore } from '../../sessions/session.ts'
import type { BegunSso, SsoSessions } from '../../sessions/sso-session.ts'
import type { SessionEnded, StartSession, Tokens } from '../../sessions/start-session.ts'
import type { Owner, OwnerClaim, OwnerFailure, VerifyOwner } from '../verify-owner.ts'

type PasswordChange<Caller> = OwnerClaim<Caller> & { readonly next: Password }

export type ChangePasswordFailure = PasswordRefusal | OwnerFailure | { readonly reason: 'changed_meanwhile' }

/** `tell` is called as soon as the password is another, so that the owner hears of it whatever fails after that. */
export type ChangePassword<Caller = SessionCaller, Started = Tokens> = (
  change: PasswordChange<Caller>,
  tell?: () => Promise<void>,
) => Promise<Result<Started, ChangePasswordFailure>>

type Dependencies<Caller, Live, Started> = {
  readonly verifyOwner: VerifyOwner<Caller, Live>
  readonly sessions: Pick<SessionStore, 'listSessions' | 'deleteSession'>
  readonly passwords: Pick<PasswordStore, 'changeHash'>
  readonly hasher: Pick<PasswordHasher, 'hash'>
  readonly policy: PasswordPolicy
  /** Begins the session that the caller goes on with. `epoch` is that of the change. */
  readonly beginAgain: (owner: Owner<Live>, epoch: number) => Promise<Result<Started, SessionEnded>>
}

/** Changes the password of the caller's account. The current one is required. All sessions end; the caller gets a new one. */
export function createChangePassword<
  Caller extends { readonly sub: string },
  Live extends { readonly epoch: number },
  Started,
>(dependencies: Dependencies<Caller, Live, Started>): ChangePassword<Caller, Started> {
  const { verifyOwner, sessions, passwords, hasher, policy, beginAgain } = dependencies
  return async (change, tell) => {
    const { sub, next } = change
    const owner = await verifyOwner(change, ({ identifiers }) => checkNewPassword(policy, next, identifiers))
    if (!owner.ok) return owner
    const { epoch, passwordHash } = owner.value

    const to = await hasher.hash(next)
    const changedEpoch = await passwords.changeHash(sub, { from: passwordHash, to, epoch })
    if (changedEpoch === undefined) return fail({ reason: 'changed_meanwhile' })
    await tell?.()
    await deleteEndedSessions(sessions, sub)
    return beginAgain(owner.value, changedEpoch)
  }
}

/** The session of a client, again. Knowing the password is no log-in: it is as fresh and as strong as the one before. */
export const startAgain =
  (startSession: StartSession) =>
  ({ account, session }: Owner<LiveSession>, epoch: number): ReturnType<StartSession> =>
    startSession({
      ...{ account, epoch, clientId: session.clientId, asked: session.scope },
      authentication: { authTime: session.authTime, amr: session.amr },
      code: session.codeGrant && { grant: withoutSso(session.codeGrant) },
    })

// The browser's session has ended with all others, and only the caller's goes on.
const withoutSso = ({ sso: _, ...grant }: CodeGrant): CodeGrant => grant

/** The session of a browser, again, for as long as the one before was to last. */
export const signInAgain =
  (sso: Pick<SsoSessions, 'begin' | 'end'>) =>
  async ({ session }: Owner<LiveSso>, epoch: number): Promise<Result<BegunSso, never>> => {
    const { sub, isKept, authTime, amr } = session
    const begun = await sso.begin({ sub, epoch, isKept, authTime, amr }, undefined)
    await sso.end(session.id)
    return succeed(begun)
  }
