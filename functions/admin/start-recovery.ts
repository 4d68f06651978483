import { type Account, addressOf } from '../domain/accounts/account.ts'
import type { AccountLifecycle } from '../domain/accounts/account-lifecycle.ts'
import type { Codes } from '../domain/codes/codes.ts'
import { chooseLanguage } from '../domain/mail/language.ts'
import type { RequestCode } from '../domain/mail/mail-event.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import type { AdminFailure } from './response.ts'

/** What recoveries are started with, where mail is on. */
export type Recoveries = { readonly codes: Pick<Codes, 'open'>; readonly requestCode: RequestCode }

type Dependencies = {
  readonly recoveries: Recoveries | undefined
  readonly lifecycle: Pick<AccountLifecycle, 'find'>
  readonly now: () => number
}

/**
 * Mails an owner the code for a new password, and sets nothing (ASVS 5.0 section 6.4.6). The ticket is for the
 * administrator to pass on: nobody can use it without the code, and the administrator does not see that.
 */
export async function startRecovery(
  username: string,
  { recoveries, lifecycle, now }: Dependencies,
): Promise<Result<{ readonly account: Account; readonly ticket: string }, AdminFailure>> {
  if (!recoveries) return fail({ reason: 'no_mail' })
  const account = await lifecycle.find(username)
  if (!account) return fail({ reason: 'unknown_user' })
  if (account.disabled) return fail({ reason: 'user_disabled' })
  if (addressOf(account) === undefined) return fail({ reason: 'no_address' })

  const { codes, requestCode } = recoveries
  const { ticket, handle } = await codes.open('recover', { identifier: username })
  const occasion = { time: Math.floor(now() / 1000), language: chooseLanguage({}) }
  await requestCode({ kind: 'code', purpose: 'recover', ...handle, isTrusted: true, ...occasion })
  return succeed({ account, ticket })
}
