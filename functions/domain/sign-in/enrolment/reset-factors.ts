import type { Account, AccountStore } from '../../accounts/account.ts'
import { deleteEndedSessions } from '../../sessions/end-sessions.ts'
import type { SessionStore } from '../../sessions/session.ts'
import { Unavailable } from '../../unavailable.ts'
import type { FindCredentials } from '../factor-store.ts'
import type { EnrolmentStore } from './enrolment-store.ts'

/** Removes all second factors of an account, for an administrator. Undefined for an unknown identifier. */
export type ResetFactors = (username: string) => Promise<Account | undefined>

type Dependencies = {
  readonly accounts: Pick<AccountStore, 'findSubject' | 'findAccount'>
  readonly findCredentials: FindCredentials
  readonly enrolments: Pick<EnrolmentStore, 'resetFactors'>
  readonly sessions: Pick<SessionStore, 'listSessions' | 'deleteSession'>
}

const maxTries = 5

/** All sessions end too, and log-ins that are under way: who asks for this has lost a device, or thinks so. */
export function createResetFactors({ accounts, findCredentials, enrolments, sessions }: Dependencies): ResetFactors {
  const reset = async (username: string, tries = maxTries): Promise<Account | undefined> => {
    const sub = await accounts.findSubject(username)
    const account = sub === undefined ? undefined : await accounts.findAccount(sub)
    if (!account) return undefined
    const { factors } = await findCredentials(account.sub)
    if (await enrolments.resetFactors(account.sub, factors)) {
      await deleteEndedSessions(sessions, account.sub)
      return account
    }
    if (tries === 1) throw new Unavailable('The factors kept changing while they were being reset.')
    return reset(username, tries - 1)
  }
  return (username) => reset(username)
}
