import type { Account, AccountStore } from '../../accounts/account.ts'
import type { ConfirmationStore } from '../../accounts/confirmation-store.ts'
import { allSettledThenThrow } from '../../all-settled-then-throw.ts'
import type { Codes, WrongCode } from '../../codes/codes.ts'
import type { PasswordHasher } from '../../passwords/hashing/password-hasher.ts'
import type { Password } from '../../passwords/password.ts'
import { checkNewPassword, type PasswordPolicy, type PasswordRefusal } from '../../passwords/password-policy.ts'
import { fail, type Result, succeed } from '../../result.ts'
import { deleteEndedSessions } from '../../sessions/end-sessions.ts'
import type { SessionStore } from '../../sessions/session.ts'
import type { AttemptStore } from '../../throttling/throttle.ts'

type Recovery = { readonly ticket: string; readonly code: string; readonly next: Password }

/**
 * A password that is refused leaves the code good for another. `tell` is called as soon as the password is another, so that
 * the owner hears of it whatever fails after that.
 */
export type RecoverPassword = (
  recovery: Recovery,
  tell?: (account: Account) => Promise<void>,
) => Promise<Result<Account, PasswordRefusal | WrongCode>>

type Dependencies = {
  readonly codes: Pick<Codes, 'tryCode'>
  readonly accounts: Pick<AccountStore, 'findAccount'>
  readonly confirmations: Pick<ConfirmationStore, 'confirmPassword'>
  readonly sessions: Pick<SessionStore, 'listSessions' | 'deleteSession'>
  readonly attempts: Pick<AttemptStore, 'clearAccount'>
  readonly hasher: Pick<PasswordHasher, 'hash'>
  readonly policy: PasswordPolicy
}

/**
 * Sets a new password by a code that was mailed. It logs nobody in: all sessions end, the locks of the password are
 * lifted, and a second factor stays in force.
 */
export function createRecoverPassword(dependencies: Dependencies): RecoverPassword {
  const { codes, accounts, confirmations, sessions, attempts, hasher, policy } = dependencies
  const wrongCode = fail({ reason: 'wrong_code', isLast: false } as const)
  return async ({ ticket, code, next }, tell) => {
    const tried = await codes.tryCode('recover', ticket, code)
    if (!tried.ok) return tried
    const account = await accounts.findAccount(tried.value.binding.sub)
    if (!account) return wrongCode
    // Only after the right code: the refusal may tell what the account is called.
    const checked = checkNewPassword(policy, next, account.identifiers)
    if (!checked.ok) return checked
    const confirmed = await confirmations.confirmPassword(await hasher.hash(next), tried.value)
    if (!confirmed.ok) return wrongCode
    await tell?.(account)
    await deleteEndedSessions(sessions, account.sub)
    const counted = [{ sub: account.sub }, ...account.identifiers.map((identifier) => ({ identifier }))]
    await allSettledThenThrow(counted.map((each) => attempts.clearAccount(each)))
    return succeed(account)
  }
}
