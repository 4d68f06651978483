import type { Account, AccountStore } from '../../accounts/account.ts'
import { allSettledThenThrow } from '../../all-settled-then-throw.ts'
import type { PasswordHasher } from '../../passwords/hashing/password-hasher.ts'
import type { Password } from '../../passwords/password.ts'
import { checkNewPassword, type PasswordPolicy, type PasswordRefusal } from '../../passwords/password-policy.ts'
import type { PasswordStore } from '../../passwords/password-store.ts'
import { fail, type Result, succeed } from '../../result.ts'
import { deleteEndedSessions } from '../../sessions/end-sessions.ts'
import type { SessionStore } from '../../sessions/session.ts'
import type { AttemptStore } from '../../throttling/throttle.ts'

/** `username` is a canonical identifier. */
export type SetPassword = (
  username: string,
  password: Password,
) => Promise<Result<Account, PasswordRefusal | { readonly reason: 'unknown_user' }>>

type Dependencies = {
  readonly accounts: Pick<AccountStore, 'findSubject' | 'findAccount'>
  readonly passwords: Pick<PasswordStore, 'setHash'>
  readonly sessions: Pick<SessionStore, 'listSessions' | 'deleteSession'>
  readonly attempts: Pick<AttemptStore, 'clearAccount'>
  readonly hasher: Pick<PasswordHasher, 'hash'>
  readonly policy: PasswordPolicy
}

/** Sets a password without asking for the current one. The account's sessions end, and so do its locks. */
export function createSetPassword(dependencies: Dependencies): SetPassword {
  const { accounts, passwords, sessions, attempts, hasher, policy } = dependencies
  return async (username, password) => {
    const sub = await accounts.findSubject(username)
    const account = sub === undefined ? undefined : await accounts.findAccount(sub)
    if (!account) return fail({ reason: 'unknown_user' })
    const checked = checkNewPassword(policy, password, account.identifiers)
    if (!checked.ok) return checked
    if (!(await passwords.setHash(account.sub, await hasher.hash(password)))) return fail({ reason: 'unknown_user' })
    await deleteEndedSessions(sessions, account.sub)
    const counted = [{ sub: account.sub }, ...account.identifiers.map((identifier) => ({ identifier }))]
    await allSettledThenThrow(counted.map((each) => attempts.clearAccount(each)))
    return succeed(account)
  }
}
