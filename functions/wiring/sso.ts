import { randomBytes } from 'node:crypto'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createDynamoDbSsoSessions } from '../adapters/dynamodb/sessions/sso-sessions.ts'
import type { Clock } from '../domain/clock.ts'
import { createSsoSessions, type SsoSessions } from '../domain/sessions/sso-session.ts'

type Env = { readonly TABLE_NAME: string; readonly SESSION_LIMIT: number }

/** The sessions of browsers. None lives longer than a session may. */
export const wireSso = (client: DynamoDBDocumentClient, clock: Clock, env: Env): SsoSessions =>
  createSsoSessions({
    store: createDynamoDbSsoSessions(client, env.TABLE_NAME),
    randomBytes,
    clock,
    absoluteLimit: env.SESSION_LIMIT,
  })
