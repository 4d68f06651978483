import type { Account } from '../accounts/account.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { Clock } from '../clock.ts'
import { type Result, succeed } from '../result.ts'
import type { StartSession, Tokens } from '../sessions/start-session.ts'
import type { Authenticate, AuthenticationFailure, Credentials } from './authenticate.ts'
import type { RecordSuccess } from './record-success.ts'

/** `scope` undefined asks for all that account and service allow. */
type LogInRequest = Credentials & {
  readonly scope: readonly string[] | undefined
  readonly rememberDevice?: boolean
}

/** `deviceToken` where the request asked for the device to be remembered. */
type LoggedIn = { readonly account: Account; readonly tokens: Tokens; readonly deviceToken: string | undefined }

export type LogInFailure = AuthenticationFailure | { readonly reason: 'session_ended'; readonly sub: string }

export type LogIn = (request: LogInRequest) => Promise<Result<LoggedIn, LogInFailure>>

type Dependencies = {
  readonly authenticate: Authenticate
  readonly recordSuccess: RecordSuccess
  readonly startSession: StartSession
  readonly clock: Clock
}

/** Credentials in, the tokens of a new session out. */
export function createLogIn({ authenticate, recordSuccess, startSession, clock }: Dependencies): LogIn {
  return async ({ scope: asked, rememberDevice = false, ...credentials }) => {
    const { clientId } = credentials
    const authenticated = await authenticate(credentials)
    if (!authenticated.ok) return authenticated
    const { account, epoch } = authenticated.value
    const [started, deviceToken] = await allSettledThenThrow([
      startSession({ account, epoch, clientId, asked, authentication: { authTime: clock(), amr: ['pwd'] } }),
      recordSuccess(authenticated.value, { ...credentials, rememberDevice }),
    ])
    return started.ok ? succeed({ account, tokens: started.value, deviceToken }) : started
  }
}
