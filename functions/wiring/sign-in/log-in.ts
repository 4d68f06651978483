import { randomBytes } from 'node:crypto'
import type { Clock } from '../../domain/clock.ts'
import type { PasswordHasher } from '../../domain/passwords/hashing/password-hasher.ts'
import type { AskOldSystem } from '../../domain/sign-in/ask-old-system.ts'
import { createAuthSessions } from '../../domain/sign-in/auth-session.ts'
import { createAuthenticate } from '../../domain/sign-in/authenticate.ts'
import type { CompleteLogIn } from '../../domain/sign-in/complete-log-in.ts'
import { createLogIn, type LogIn } from '../../domain/sign-in/log-in.ts'
import { createKeepPassword } from '../../domain/sign-in/password/keep-password.ts'
import { createKnownDevices } from '../../domain/throttling/known-devices.ts'
import { createThrottle } from '../../domain/throttling/throttle.ts'
import { type ThrottleEnv, throttleLimits } from '../settings.ts'
import type { StartEnv, StartParts } from '../start-session.ts'
import type { LogInStores } from '../stores.ts'
import { type FactorEnv, factorRules, wireCompleteLogIn } from './complete-log-in.ts'

type Parts = {
  readonly stores: LogInStores
  readonly clock: Clock
  readonly hasher: PasswordHasher
  readonly askOldSystem?: AskOldSystem | undefined
}

/** Log-in by password, to a session of a client. */
export const wireLogIn = (parts: Parts & StartParts, env: StartEnv & ThrottleEnv & FactorEnv): LogIn =>
  wireLogInWith(parts, env, wireCompleteLogIn(parts, env))

/** Log-in by password, to what `completeLogIn` begins. */
export function wireLogInWith<Started>(
  { stores, hasher, askOldSystem, clock }: Parts,
  env: ThrottleEnv & FactorEnv,
  completeLogIn: CompleteLogIn<Started>,
): LogIn<Started> {
  const throttle = createThrottle(stores.attempts, throttleLimits(env), clock)
  const knownDevices = createKnownDevices({ ...stores, randomBytes, clock })
  const common = { ...stores, hasher, throttle, knownDevices, askOldSystem }
  return createLogIn({
    authenticate: createAuthenticate(common),
    keepPassword: createKeepPassword(common),
    authSessions: createAuthSessions({ store: stores.authSessions, randomBytes, clock }),
    completeLogIn,
    factorRules: factorRules(env),
    clock,
  })
}
