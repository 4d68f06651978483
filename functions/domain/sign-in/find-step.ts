import type { Account, AccountStore } from '../accounts/account.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import { countOf } from '../factors/factors.ts'
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
 * What comes of it that a factor is asked for: a step that proves one, by a recovery code while the setting is off; nothing,
 * where the account has none; or another sign-in, in which one that is required is set up, with a fresh password (REQ-175).
 */
type StepUp =
  | { readonly kind: 'step'; readonly authSession: string }
  | { readonly kind: 'no_factor' }
  | { readonly kind: 'sign_in' }

/**
 * Opens the auth session of someone who proved the password before and is to prove a factor too. The time of the log-in
 * stays that of the password.
 */
export type BeginStepUp = (request: StepUpRequest) => Promise<StepUp>

export const createBeginStepUp =
  ({ authSessions, findCredentials, factorRules }: Omit<Dependencies, 'accounts'>): BeginStepUp =>
  async (request) => {
    const { factors } = await findCredentials(request.account.sub)
    if (countOf(factors) > 0)
      return { kind: 'step', authSession: await authSessions.open({ ...request, proved: ['password'] }) }
    return { kind: factorRules.policy === 'required' ? 'sign_in' : 'no_factor' }
  }
