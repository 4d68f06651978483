import { type Account, changedAddresses } from '../domain/accounts/account.ts'
import type { AccountLifecycle } from '../domain/accounts/account-lifecycle.ts'
import { kindOf } from '../domain/accounts/identifier.ts'
import type { SetAddress } from '../domain/accounts/set-address.ts'
import { chooseLanguage } from '../domain/mail/language.ts'
import type { Notice, Notify } from '../domain/mail/mail-event.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import type { ResetFactors } from '../domain/sign-in/enrolment/reset-factors.ts'
import type { SetPassword } from '../domain/sign-in/password/set-password.ts'
import type { AdminCommand } from './request.ts'
import type { AdminFailure } from './response.ts'

type ToldCommand = Extract<AdminCommand, { command: 'set-password' | 'set-email' | 'rename-user' | 'reset-factors' }>

/** `notice` says if the owner was to be told and nobody took the mail. */
type Changed = { readonly account: Account; readonly notice?: 'lost' | undefined }

type Dependencies = {
  readonly setPassword: SetPassword
  readonly setAddress: SetAddress
  readonly lifecycle: Pick<AccountLifecycle, 'rename'>
  readonly resetFactors: ResetFactors
  readonly notify: Notify
  readonly now: () => number
}

/** Changes what its owner is told of: a password, an address or the second factors. */
export async function changeAndTell(
  command: ToldCommand,
  dependencies: Dependencies,
): Promise<Result<Changed, AdminFailure>> {
  const { notify, now } = dependencies
  const changed = await change(command, dependencies)
  if (!changed.ok) return changed
  const { account, notices } = changed.value
  // Nobody knows the language of the owner here.
  const occasion = { time: Math.floor(now() / 1000), language: chooseLanguage({}) }
  const told = await Promise.all(notices.map((notice) => notify({ ...notice, ...occasion })))
  return succeed({ account, ...told.find(({ notice }) => notice !== undefined) })
}

type Untold = { readonly account: Account; readonly notices: readonly Notice[] }

async function change(
  command: ToldCommand,
  { setPassword, setAddress, lifecycle, resetFactors }: Dependencies,
): Promise<Result<Untold, AdminFailure>> {
  const { username } = command
  switch (command.command) {
    case 'set-password': {
      const set = await setPassword(username, command.password)
      if (!set.ok) return set
      return succeed({ account: set.value, notices: [{ kind: 'passwordChanged', sub: set.value.sub }] })
    }
    case 'set-email': {
      const set = await setAddress({ username, address: command.email, isVerified: command.verified })
      if (!set.ok) return set
      return succeed({ account: set.value.after, notices: toEach(set.value.after, changedAddresses(set.value)) })
    }
    case 'reset-factors': {
      const account = await resetFactors(username)
      if (!account) return fail({ reason: 'unknown_user' })
      return succeed({ account, notices: [{ kind: 'factorsReset', sub: account.sub }] })
    }
    case 'rename-user': {
      const { new_username: to } = command
      const renamed = await lifecycle.rename(username, to)
      if (!renamed.ok) return renamed
      const addresses = kindOf(to) === 'email' && username !== to ? [username, to] : []
      return succeed({ account: renamed.value, notices: toEach(renamed.value, addresses) })
    }
  }
}

const toEach = ({ sub }: Account, addresses: readonly string[]): readonly Notice[] =>
  addresses.map((to) => ({ kind: 'addressChanged', sub, to }))
