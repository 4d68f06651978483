import type { PasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import type { PasswordPolicy } from '../domain/passwords/password-policy.ts'
import { type BrowserCaller, createFindLiveSession, createFindLiveSso } from '../domain/sessions/live-session.ts'
import type { BegunSso, SsoSessions } from '../domain/sessions/sso-session.ts'
import {
  type ChangePassword,
  createChangePassword,
  signInAgain,
  startAgain,
} from '../domain/sign-in/password/change-password.ts'
import { createVerifyOwner } from '../domain/sign-in/verify-owner.ts'
import { createThrottle } from '../domain/throttling/throttle.ts'
import { sessionLimits, type ThrottleEnv, throttleLimits } from './settings.ts'
import { type FactorEnv, factorRules } from './sign-in/complete-log-in.ts'
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

type PageParts = Pick<Parts, 'stores' | 'hasher' | 'clock'> & { readonly sso: Pick<SsoSessions, 'begin' | 'end'> }

/** The change of a password by its owner, on a page. */
export function wireChangePasswordOnPage(
  { stores, hasher, clock, sso }: PageParts,
  env: ThrottleEnv & FactorEnv,
  policy: PasswordPolicy,
): ChangePassword<BrowserCaller, BegunSso> {
  const throttle = createThrottle(stores.attempts, throttleLimits(env), clock)
  const findLiveSso = createFindLiveSso(stores)
  const findLive = (caller: BrowserCaller) => findLiveSso(caller.sso)
  return createChangePassword({
    ...stores,
    hasher,
    verifyOwner: createVerifyOwner({ ...stores, findLive, factorRules: factorRules(env), throttle, hasher }),
    beginAgain: signInAgain(sso),
    policy,
  })
}
