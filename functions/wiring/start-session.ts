import { randomBytes } from 'node:crypto'
import type { Clock } from '../domain/clock.ts'
import type { AskClaims } from '../domain/sessions/ask-claims.ts'
import { createStartSession, type StartSession } from '../domain/sessions/start-session.ts'
import type { IssueAccessToken } from '../domain/tokens/access-token.ts'
import { type SessionEnv, sessionLimits } from './settings.ts'
import type { LogInStores } from './stores.ts'

export type StartEnv = SessionEnv & { readonly SESSIONS_PER_USER: number; readonly SCOPES: readonly string[] }

export type StartParts = {
  readonly stores: Pick<LogInStores, 'sessions'>
  readonly issueAccessToken: IssueAccessToken
  readonly askClaims: AskClaims | undefined
  readonly clock: Clock
}

/** The start of a session. */
export const wireStartSession = (
  { stores, issueAccessToken, askClaims, clock }: StartParts,
  env: StartEnv,
): StartSession =>
  createStartSession({
    sessions: stores.sessions,
    issueAccessToken,
    askClaims,
    clock,
    randomBytes,
    limits: sessionLimits(env),
    perUser: env.SESSIONS_PER_USER,
    scopes: env.SCOPES,
  })
