import type { PasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import type { PasswordPolicy } from '../domain/passwords/password-policy.ts'
import { createFindLiveSession } from '../domain/sessions/live-session.ts'
import { type ChangePassword, createChangePassword, startAgain } from '../domain/sign-in/change-password.ts'
import { createVerifyOwner } from '../domain/sign-in/verify-owner.ts'
import { createThrottle } from '../domain/throttling/throttle.ts'
import { type FactorEnv, factorRules } from './complete-log-in.ts'
import { sessionLimits, type ThrottleEnv, throttleLimits } from './settings.ts'
import { type StartEnv, type StartParts, wireStartSession } from './start-session.ts'
import type { Stores } from './stores.ts'

type Parts = StartParts & { readonly stores: Stores; readonly hasher: PasswordHasher }

/** The change of a password by its owner, from a client. */
export function wireChangePassword(
  parts: Parts,
  env: StartEnv & ThrottleEnv & FactorEnv,
  policy: PasswordPolicy,
): ChangePassword {
  const { stores, hasher, clock } = parts
  const throttle = createThrottle(stores.attempts, throttleLimits(env), clock)
  const findLive = createFindLiveSession({ ...stores, clock, limits: sessionLimits(env) })
  return createChangePassword({
    ...stores,
    hasher,
    verifyOwner: createVerifyOwner({ ...stores, findLive, factorRules: factorRules(env), throttle, hasher }),
    beginAgain: startAgain(wireStartSession(parts, env)),
    policy,
  })
}
