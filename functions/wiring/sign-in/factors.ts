import { randomBytes } from 'node:crypto'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createDynamoDbEnrolments } from '../../adapters/dynamodb/factors/enrolments.ts'
import { createDynamoDbSessions } from '../../adapters/dynamodb/sessions/sessions.ts'
import { createFindLiveSession } from '../../domain/sessions/live-session.ts'
import { createAuthSessions } from '../../domain/sign-in/auth-session.ts'
import { createChangeFactors } from '../../domain/sign-in/enrolment/change-factors.ts'
import { createEnrol } from '../../domain/sign-in/enrolment/enrol.ts'
import { createFindHolder } from '../../domain/sign-in/enrolment/find-holder.ts'
import { sessionLimits, type ThrottleEnv } from '../settings.ts'
import type { StartEnv, StartParts } from '../start-session.ts'
import { createStepStores } from '../stores.ts'
import { type FactorEnv, factorRules, wireCompleteLogIn } from './complete-log-in.ts'

type Parts = Omit<StartParts, 'stores'> & { readonly client: DynamoDBDocumentClient }

type Env = StartEnv & ThrottleEnv & FactorEnv & { readonly TABLE_NAME: string }

/** What the functions share that enrol and remove factors. */
export function wireFactors({ client, issueAccessToken, askClaims, clock }: Parts, env: Env) {
  const sessions = createDynamoDbSessions(client, env.TABLE_NAME)
  const stores = { ...createStepStores(client, env.TABLE_NAME), sessions }
  const enrolments = createDynamoDbEnrolments(client, env.TABLE_NAME)
  const authSessions = createAuthSessions({ store: stores.authSessions, randomBytes, clock })
  const completeLogIn = wireCompleteLogIn({ stores, issueAccessToken, askClaims, clock }, env)
  const common = {
    ...stores,
    enrolments,
    authSessions,
    completeLogIn,
    factorRules: factorRules(env),
    randomBytes,
    clock,
  }
  const findLive = createFindLiveSession({ ...common, limits: sessionLimits(env) })
  return {
    ...common,
    stores,
    findHolder: createFindHolder({ ...common, findLive }),
    enrol: createEnrol(common),
    changeFactors: createChangeFactors(common),
  }
}

export type Factors = ReturnType<typeof wireFactors>
