import { randomBytes } from 'node:crypto'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createDynamoDbAuthSessions } from '../../adapters/dynamodb/auth-sessions.ts'
import { createDynamoDbSsoSessions } from '../../adapters/dynamodb/sessions/sso-sessions.ts'
import type { Clock } from '../../domain/clock.ts'
import { fail, succeed } from '../../domain/result.ts'
import { type BegunSso, createSsoSessions, type SsoSessions } from '../../domain/sessions/sso-session.ts'
import type { Start } from '../../domain/sessions/start-session.ts'
import { type AuthSessionStore, endingWithSso } from '../../domain/sign-in/auth-session.ts'

type Env = { readonly TABLE_NAME: string; readonly SESSION_LIMIT: number }

/** The sessions of browsers. None lives longer than a session may. */
export const wireSso = (client: DynamoDBDocumentClient, clock: Clock, env: Env): SsoSessions =>
  createSsoSessions({
    store: createDynamoDbSsoSessions(client, env.TABLE_NAME),
    randomBytes,
    clock,
    absoluteLimit: env.SESSION_LIMIT,
  })

/** What begins when a browser has signed in: `formerToken` is what its cookie held before. */
export const startSso =
  (sso: Pick<SsoSessions, 'begin' | 'renew'>, formerToken: string | undefined): Start<BegunSso> =>
  async ({ account: { sub }, epoch, authentication, isKept = false, sso: id }) => {
    const begun = { sub, epoch, isKept, ...authentication }
    const started = await (id === undefined ? sso.begin(begun, formerToken) : sso.renew(begun, formerToken, id))
    return started ? succeed(started) : fail({ reason: 'session_ended', sub })
  }

type FlowParts = { readonly client: DynamoDBDocumentClient; readonly sso: Pick<SsoSessions, 'isAlive'> }

/** The auth sessions of one flow: they are found in this flow only. */
export const authSessionsOf = (
  flowId: string,
  { client, sso }: FlowParts,
  env: Pick<Env, 'TABLE_NAME'>,
): AuthSessionStore =>
  endingWithSso(createDynamoDbAuthSessions(client, env.TABLE_NAME, `signIn#${flowId}`), sso.isAlive)
