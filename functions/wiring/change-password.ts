import type { PasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import type { PasswordPolicy } from '../domain/passwords/password-policy.ts'
import { type ChangePassword, createChangePassword } from '../domain/sign-in/change-password.ts'
import { createThrottle } from '../domain/throttling/throttle.ts'
import { type FactorEnv, factorRules } from './complete-log-in.ts'
import { sessionLimits, type ThrottleEnv, throttleLimits } from './settings.ts'
import { type StartEnv, type StartParts, wireStartSession } from './start-session.ts'
import type { Stores } from './stores.ts'

type Parts = StartParts & { readonly stores: Stores; readonly hasher: PasswordHasher }

/** The change of a password by its owner. */
export function wireChangePassword(
  parts: Parts,
  env: StartEnv & ThrottleEnv & FactorEnv,
  policy: PasswordPolicy,
): ChangePassword {
  const { stores, hasher, clock } = parts
  return createChangePassword({
    ...stores,
    hasher,
    throttle: createThrottle(stores.attempts, throttleLimits(env), clock),
    startSession: wireStartSession(parts, env),
    factorRules: factorRules(env),
    policy,
    clock,
    limits: sessionLimits(env),
  })
}
