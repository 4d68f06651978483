import { randomBytes } from 'node:crypto'
import type { Clock } from '../../domain/clock.ts'
import type { Start } from '../../domain/sessions/start-session.ts'
import type { SecondFactorPolicy } from '../../domain/setting-rules.ts'
import { type CompleteLogIn, createCompleteLogIn } from '../../domain/sign-in/complete-log-in.ts'
import type { FactorRules } from '../../domain/sign-in/next-step.ts'
import { createKnownDevices, type DeviceStore } from '../../domain/throttling/known-devices.ts'
import { type AttemptStore, createThrottle } from '../../domain/throttling/throttle.ts'
import { type ThrottleEnv, throttleLimits } from '../settings.ts'
import { type StartEnv, type StartParts, wireStartSession } from '../start-session.ts'

/** `MAIL_FUNCTION` is null where no mails are sent. */
export type FactorEnv = { readonly SECOND_FACTOR: SecondFactorPolicy; readonly MAIL_FUNCTION: string | null }

export const factorRules = (env: FactorEnv): FactorRules => ({
  policy: env.SECOND_FACTOR,
  canMail: env.MAIL_FUNCTION !== null,
})

type Parts = {
  readonly stores: { readonly attempts: AttemptStore; readonly devices: DeviceStore }
  readonly clock: Clock
}

/** The end of every log-in, which begins what `start` begins. */
export const wireCompleteLogInWith = <Started>(
  { stores, clock }: Parts,
  env: ThrottleEnv,
  start: Start<Started>,
): CompleteLogIn<Started> =>
  createCompleteLogIn({
    start,
    throttle: createThrottle(stores.attempts, throttleLimits(env), clock),
    knownDevices: createKnownDevices({ ...stores, randomBytes, clock }),
  })

/** The end of a log-in that begins a session of a client. */
export const wireCompleteLogIn = (parts: Parts & StartParts, env: StartEnv & ThrottleEnv): CompleteLogIn =>
  wireCompleteLogInWith(parts, env, wireStartSession(parts, env))
