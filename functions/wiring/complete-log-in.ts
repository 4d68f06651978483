import { randomBytes } from 'node:crypto'
import type { SecondFactorPolicy } from '../domain/setting-rules.ts'
import { type CompleteLogIn, createCompleteLogIn } from '../domain/sign-in/complete-log-in.ts'
import type { FactorRules } from '../domain/sign-in/next-step.ts'
import { createKnownDevices, type DeviceStore } from '../domain/throttling/known-devices.ts'
import { type AttemptStore, createThrottle } from '../domain/throttling/throttle.ts'
import { type ThrottleEnv, throttleLimits } from './settings.ts'
import { type StartEnv, type StartParts, wireStartSession } from './start-session.ts'

/** `MAIL_FUNCTION` is null where no mails are sent. */
export type FactorEnv = { readonly SECOND_FACTOR: SecondFactorPolicy; readonly MAIL_FUNCTION: string | null }

export const factorRules = (env: FactorEnv): FactorRules => ({
  policy: env.SECOND_FACTOR,
  canMail: env.MAIL_FUNCTION !== null,
})

export type CompleteLogInParts = StartParts & {
  readonly stores: StartParts['stores'] & { readonly attempts: AttemptStore; readonly devices: DeviceStore }
}

/** The end of every log-in. */
export const wireCompleteLogIn = (parts: CompleteLogInParts, env: StartEnv & ThrottleEnv): CompleteLogIn =>
  createCompleteLogIn({
    start: wireStartSession(parts, env),
    throttle: createThrottle(parts.stores.attempts, throttleLimits(env), parts.clock),
    knownDevices: createKnownDevices({ ...parts.stores, randomBytes, clock: parts.clock }),
  })
