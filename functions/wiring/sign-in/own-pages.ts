import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Clock } from '../../domain/clock.ts'
import { createFindSignedIn } from '../../domain/oauth/continue-flow.ts'
import { createFindLiveSso } from '../../domain/sessions/live-session.ts'
import type { LogInStores } from '../stores.ts'
import { wireSso } from './sso.ts'

type Env = { readonly TABLE_NAME: string; readonly SESSION_LIMIT: number }

type Parts = {
  readonly client: DynamoDBDocumentClient
  readonly stores: {
    readonly accounts: Pick<LogInStores['accounts'], 'findAccount'>
    readonly sessions: Pick<LogInStores['sessions'], 'readEpoch'>
  }
  readonly clock: Clock
}

/** What the pages share on which people see and change their account. */
export const wireOwnPages = ({ client, stores, clock }: Parts, env: Env) => ({
  sso: wireSso(client, clock, env),
  findSignedIn: createFindSignedIn(stores),
  findLiveSso: createFindLiveSso(stores),
})
