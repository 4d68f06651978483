import { randomBytes } from 'node:crypto'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Clock } from '../../domain/clock.ts'
import { createAuthSessions } from '../../domain/sign-in/auth-session.ts'
import { createEnrol } from '../../domain/sign-in/enrolment/enrol.ts'
import { createFindHolder } from '../../domain/sign-in/enrolment/find-holder.ts'
import { wireFlowStore } from '../oauth/flows.ts'
import type { ThrottleEnv } from '../settings.ts'
import { wireCompleteLogInWith } from './complete-log-in.ts'
import type { Factors } from './factors.ts'
import { wireOwnPages } from './own-pages.ts'
import { authSessionsOf, startSso } from './sso.ts'

type Parts = { readonly client: DynamoDBDocumentClient; readonly factors: Factors; readonly clock: Clock }

type Env = ThrottleEnv & { readonly TABLE_NAME: string; readonly SESSION_LIMIT: number }

/** Factors on pages: of someone who is signed in in a browser, and of a sign-in that waits for one. */
export function wireFactorPages({ client, factors, clock }: Parts, env: Env) {
  const own = wireOwnPages({ client, stores: factors.stores, clock }, env)
  const { sso, findLiveSso: findLive } = own
  return {
    ...own,
    flows: wireFlowStore({ client, clock }, env),
    findHolder: createFindHolder({ ...factors, findLive }),
    /** Those of a flow, at whose end the browser has a session: `formerToken` is what its cookie held before. */
    enrolmentsOf: (flowId: string, formerToken: string | undefined) => {
      const store = authSessionsOf(flowId, { client, sso }, env)
      const authSessions = createAuthSessions({ store, randomBytes, clock })
      const completeLogIn = wireCompleteLogInWith({ stores: factors.stores, clock }, env, startSso(sso, formerToken))
      const common = { ...factors, authSessions, completeLogIn }
      return { findHolder: createFindHolder({ ...common, findLive }), enrol: createEnrol(common) }
    },
  }
}
