import type { Account } from '../accounts/account.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import { type Result, succeed } from '../result.ts'
import type { SessionEnded, Start, Tokens } from '../sessions/start-session.ts'
import type { KnownDevices } from '../throttling/known-devices.ts'
import type { Throttle } from '../throttling/throttle.ts'
import { amrOf } from './amr.ts'
import type { AuthSession } from './auth-session.ts'

/**
 * A log-in that has proved all that is asked for, and the epoch that was read before account and credentials.
 * `deviceToken` is what the client says that the device is known by.
 */
type ProvedLogIn = Omit<AuthSession, 'account' | 'challenge'> & {
  readonly account: Account
  readonly epoch: number
  readonly deviceToken: string | undefined
}

/**
 * What a log-in ends with: `started` are the tokens of a new session, or on a page the browser's own session. `deviceToken`
 * where the request asked for the device to be remembered.
 */
export type LoggedIn<Started = Tokens> = {
  readonly account: Account
  readonly started: Started
  readonly deviceToken: string | undefined
}

export type CompleteLogIn<Started = Tokens> = (logIn: ProvedLogIn) => Promise<Result<LoggedIn<Started>, SessionEnded>>

type Dependencies<Started> = {
  readonly start: Start<Started>
  readonly throttle: Pick<Throttle, 'clear'>
  readonly knownDevices: Pick<KnownDevices, 'clear' | 'add'>
}

/**
 * The one way from proofs to a session. Clears the failures that the password was counted on, and only those: a known device
 * says nothing about the guesses of others.
 */
export function createCompleteLogIn<Started>({
  start,
  throttle,
  knownDevices,
}: Dependencies<Started>): CompleteLogIn<Started> {
  const remember = async ({ account, epoch, rememberDevice }: ProvedLogIn): Promise<string | undefined> =>
    rememberDevice ? knownDevices.add(account.sub, epoch) : undefined

  const clearAndRemember = async (logIn: ProvedLogIn): Promise<string | undefined> => {
    const { account, countedOn, rememberDevice, deviceToken } = logIn
    if (countedOn?.device === undefined) {
      const [token] = await allSettledThenThrow([
        remember(logIn),
        countedOn && throttle.clear({ identifier: countedOn.identifier }),
      ])
      return token
    }
    const isStillKnown = await knownDevices.clear(countedOn.device, account.sub, rememberDevice)
    return isStillKnown && rememberDevice && deviceToken !== undefined ? deviceToken : remember(logIn)
  }

  return async (logIn) => {
    const { account, epoch, clientId, scope: asked, proved, authTime, rememberDevice: isKept, sso } = logIn
    const authentication = { authTime, amr: amrOf(proved) }
    const [started, deviceToken] = await allSettledThenThrow([
      start({ account, epoch, clientId, asked, authentication, isKept, sso }),
      clearAndRemember(logIn),
    ])
    return started.ok ? succeed({ account, started: started.value, deviceToken }) : started
  }
}
