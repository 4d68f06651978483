import { randomBytes } from 'node:crypto'
import type { SsoSessions } from '../../domain/sessions/sso-session.ts'
import { createAuthSessions } from '../../domain/sign-in/auth-session.ts'
import { createBeginStepUp, createFindStep } from '../../domain/sign-in/find-step.ts'
import type { ThrottleEnv } from '../settings.ts'
import { type FactorEnv, factorRules, wireCompleteLogInWith } from './complete-log-in.ts'
import { wireFactorStepsWith } from './factor-steps.ts'
import { wireLogInWith } from './log-in.ts'
import { authSessionsOf, startSso } from './sso.ts'

type Parts = Parameters<typeof wireLogInWith>[0] &
  Parameters<typeof wireFactorStepsWith>[0] & { readonly sso: Pick<SsoSessions, 'begin' | 'renew' | 'isAlive'> }

type Env = ThrottleEnv & FactorEnv & { readonly TABLE_NAME: string }

/** Sign-in on the pages of a flow, which is the log-in of the JSON routes but for what it begins. */
export const wireSignIn = (parts: Parts, env: Env) => (flowId: string, formerToken: string | undefined) => {
  const { client, clock } = parts
  const store = authSessionsOf(flowId, { client, sso: parts.sso }, env)
  const stores = { ...parts.stores, authSessions: store }
  const common = { ...parts, stores }
  const completeLogIn = wireCompleteLogInWith(common, env, startSso(parts.sso, formerToken))
  const authSessions = createAuthSessions({ store, randomBytes, clock })
  const finding = { ...stores, authSessions, factorRules: factorRules(env) }
  return {
    logIn: wireLogInWith(common, env, completeLogIn),
    ...wireFactorStepsWith(common, env, completeLogIn),
    findStep: createFindStep(finding),
    beginStepUp: createBeginStepUp(finding),
  }
}
