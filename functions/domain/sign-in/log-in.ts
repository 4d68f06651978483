import type { Account } from '../accounts/account.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { Clock } from '../clock.ts'
import { type Result, succeed } from '../result.ts'
import type { SessionEnded, Tokens } from '../sessions/start-session.ts'
import { hashOfDevice } from '../throttling/known-devices.ts'
import type { AuthSessions } from './auth-session.ts'
import type { Authenticate, AuthenticationFailure, Credentials } from './authenticate.ts'
import type { CompleteLogIn, LoggedIn } from './complete-log-in.ts'
import { type FactorRules, type NextStep, nextStepFor } from './next-step.ts'
import type { KeepPassword } from './password/keep-password.ts'

/** `scope` undefined asks for all that account and service allow. */
type LogInRequest = Credentials & {
  readonly scope: readonly string[] | undefined
  readonly rememberDevice?: boolean
}

/** A log-in of which something is still to be proved. `authSession` is what the client goes on with. */
export type Incomplete = {
  readonly account: Account
  readonly epoch: number
  readonly authSession: string
  readonly next: Exclude<NextStep, { kind: 'complete' }>
}

/** How far a log-in has come. */
export type Progress<Started = Tokens> = LoggedIn<Started> | Incomplete

export type LogInFailure = AuthenticationFailure | SessionEnded

export type LogIn<Started = Tokens> = (request: LogInRequest) => Promise<Result<Progress<Started>, LogInFailure>>

type Dependencies<Started> = {
  readonly authenticate: Authenticate
  readonly keepPassword: KeepPassword
  readonly authSessions: Pick<AuthSessions, 'open'>
  readonly completeLogIn: CompleteLogIn<Started>
  readonly factorRules: FactorRules
  readonly clock: Clock
}

/** Credentials in; out comes a new session, or what is still to be proved. */
export function createLogIn<Started>(dependencies: Dependencies<Started>): LogIn<Started> {
  const { authenticate, keepPassword, authSessions, completeLogIn, factorRules, clock } = dependencies
  return async ({ scope, rememberDevice = false, ...credentials }) => {
    const authTime = Math.floor(clock())
    const authenticated = await authenticate(credentials)
    if (!authenticated.ok) return authenticated
    const { account, epoch, factors, knownDevice } = authenticated.value
    const { clientId, username: identifier, deviceToken } = credentials
    const countedOn = { identifier, ...(knownDevice !== undefined && { device: hashOfDevice(knownDevice) }) }
    const proved = ['password'] as const
    const begun = { proved, authTime, clientId, scope, rememberDevice, countedOn }
    const keeping = () => keepPassword(authenticated.value, credentials)

    const next = nextStepFor(account, factors, proved, factorRules)
    if (next.kind === 'complete') {
      const completing = completeLogIn({ ...begun, account, epoch, deviceToken })
      const [loggedIn] = await allSettledThenThrow([completing, keeping()])
      return loggedIn
    }
    const opening = authSessions.open({ ...begun, account: { sub: account.sub, epoch } })
    const [authSession] = await allSettledThenThrow([opening, keeping()])
    return succeed({ account, epoch, authSession, next })
  }
}
