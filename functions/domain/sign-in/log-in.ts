import type { Account } from '../accounts/account.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { Password } from '../passwords/password.ts'
import { type Result, succeed } from '../result.ts'
import type { StartSession, Tokens } from '../sessions/start-session.ts'
import type { Authenticate, AuthenticationFailure } from './authenticate.ts'
import type { RecordSuccess } from './record-success.ts'

/** `username` is a canonical identifier; `scope` undefined asks for all that account and service allow. */
type LogInRequest = {
  readonly username: string
  readonly password: Password
  readonly address: string
  readonly clientId: string
  readonly scope: readonly string[] | undefined
}

export type LogInFailure = AuthenticationFailure | { readonly reason: 'session_ended'; readonly sub: string }

export type LogIn = (
  request: LogInRequest,
) => Promise<Result<{ readonly account: Account; readonly tokens: Tokens }, LogInFailure>>

type Dependencies = {
  readonly authenticate: Authenticate
  readonly recordSuccess: RecordSuccess
  readonly startSession: StartSession
}

/** Credentials in, the tokens of a new session out. */
export function createLogIn({ authenticate, recordSuccess, startSession }: Dependencies): LogIn {
  return async ({ clientId, scope: asked, ...credentials }) => {
    const authenticated = await authenticate(credentials)
    if (!authenticated.ok) return authenticated
    const { account, epoch } = authenticated.value
    const [started] = await allSettledThenThrow([
      startSession({ account, epoch, clientId, asked }),
      recordSuccess(authenticated.value, credentials),
    ])
    return started.ok ? succeed({ account, tokens: started.value }) : started
  }
}
