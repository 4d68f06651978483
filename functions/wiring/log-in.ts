import { randomBytes } from 'node:crypto'
import type { PasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import type { AskOldSystem } from '../domain/sign-in/ask-old-system.ts'
import { createAuthenticate } from '../domain/sign-in/authenticate.ts'
import { createLogIn, type LogIn } from '../domain/sign-in/log-in.ts'
import { createRecordSuccess } from '../domain/sign-in/record-success.ts'
import { createKnownDevices } from '../domain/throttling/known-devices.ts'
import { createThrottle } from '../domain/throttling/throttle.ts'
import { type ThrottleEnv, throttleLimits } from './settings.ts'
import { type StartEnv, type StartParts, wireStartSession } from './start-session.ts'
import type { Stores } from './stores.ts'

type Parts = StartParts & {
  readonly stores: Stores
  readonly hasher: PasswordHasher
  readonly askOldSystem?: AskOldSystem | undefined
}

/** Log-in by password. */
export function wireLogIn(parts: Parts, env: StartEnv & ThrottleEnv): LogIn {
  const { stores, hasher, askOldSystem, clock } = parts
  const throttle = createThrottle(stores.attempts, throttleLimits(env), clock)
  const knownDevices = createKnownDevices({ ...stores, randomBytes, clock })
  const common = { ...stores, hasher, throttle, knownDevices, askOldSystem }
  return createLogIn({
    authenticate: createAuthenticate(common),
    recordSuccess: createRecordSuccess(common),
    startSession: wireStartSession(parts, env),
    clock,
  })
}
