import type { Account, AccountStore } from '../accounts/account.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import { kindsOf } from '../factors/factors.ts'
import type { AuthSession, AuthSessions } from './auth-session.ts'
import type { FindCredentials } from './factor-store.ts'
import { type FactorRules, type NextStep, nextStepFor } from './next-step.ts'

/** Where a log-in stands, as a page shows it. */
type FoundStep = { readonly account: Account; readonly next: NextStep }

/** Finds where the log-in of an auth session stands; undefined where it is over. Nothing is counted. */
export type FindStep = (authSession: string) => Promise<FoundStep | undefined>

type Dependencies = {
  readonly authSessions: Pick<AuthSessions, 'find' | 'open'>
  readonly accounts: Pick<AccountStore, 'findAccount'>
  readonly findCredentials: FindCredentials
  readonly factorRules: FactorRules
}

export const createFindStep =
  ({ authSessions, accounts, findCredentials, factorRules }: Dependencies): FindStep =>
  async (authSession) => {
    const session = await authSessions.find(authSession)
    if (!session?.account) return undefined
    const { sub } = session.account
    const [account, { factors }] = await allSettledThenThrow([accounts.findAccount(sub), findCredentials(sub)])
    return account && { account, next: nextStepFor(account, factors, session.proved, factorRules) }
  }

type StepUpRequest = Pick<AuthSession, 'account' | 'authTime' | 'clientId' | 'rememberDevice' | 'sso'> & {
  readonly account: { readonly sub: string }
}

/**
 * Opens the auth session of someone who proved the password before and is to prove a factor too. Undefined where the account
 * has none. The time of the log-in stays that of the password.
 */
export type BeginStepUp = (request: StepUpRequest) => Promise<string | undefined>

export const createBeginStepUp =
  ({ authSessions, findCredentials, factorRules }: Omit<Dependencies, 'accounts'>): BeginStepUp =>
  async (request) => {
    const { factors } = await findCredentials(request.account.sub)
    if (kindsOf(factors).length === 0 || factorRules.policy === 'off') return undefined
    return authSessions.open({ ...request, proved: ['password'] })
  }
