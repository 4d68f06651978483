import { randomBytes } from 'node:crypto'
import { type FindClient, isPublic } from '../domain/clients/client.ts'
import type { Clock } from '../domain/clock.ts'
import type { AskClaims } from '../domain/sessions/ask-claims.ts'
import { createRefresh, type Refresh } from '../domain/sessions/refresh.ts'
import type { SsoSessions } from '../domain/sessions/sso-session.ts'
import type { IssueAccessToken } from '../domain/tokens/access-token.ts'
import { type SessionEnv, sessionLimits, type TargetEnv, targetsOf } from './settings.ts'
import type { Stores } from './stores.ts'

/** `REFRESH_GRACE` in seconds, Infinity for `until-used`. */
type RefreshEnv = SessionEnv &
  TargetEnv & {
    readonly REFRESH_GRACE: number
    readonly CLIENTS: readonly string[]
    readonly SCOPES: readonly string[]
    readonly CLAIMS_AT_REFRESH: boolean
  }

type Parts = {
  readonly stores: Pick<Stores, 'sessions'> & { readonly accounts: Pick<Stores['accounts'], 'findAccount'> }
  readonly issueAccessToken: IssueAccessToken
  readonly askClaims: AskClaims | undefined
  readonly findClient: FindClient
  readonly sso: Pick<SsoSessions, 'isAlive'>
  readonly clock: Clock
}

/** The refresh of a session. */
export const wireRefresh = (
  { stores, issueAccessToken, askClaims, findClient, sso, clock }: Parts,
  env: RefreshEnv,
): Refresh =>
  createRefresh({
    ...stores,
    issueAccessToken,
    askClaims,
    claimsAtRefresh: env.CLAIMS_AT_REFRESH,
    clock,
    randomBytes,
    limits: sessionLimits(env),
    findPublicClient: async (clientId) => {
      const client = await findClient(clientId)
      return client && isPublic(client) ? client : undefined
    },
    isSsoAlive: sso.isAlive,
    grace: env.REFRESH_GRACE,
    clients: env.CLIENTS,
    scopes: env.SCOPES,
    targets: targetsOf(env),
  })
