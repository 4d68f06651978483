import { randomBytes } from 'node:crypto'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createDynamoDbAuthorizationCodes } from '../../adapters/dynamodb/oauth/authorization-codes.ts'
import { createDynamoDbConsents } from '../../adapters/dynamodb/oauth/consents.ts'
import { createDynamoDbFlows } from '../../adapters/dynamodb/oauth/flows.ts'
import type { Clock } from '../../domain/clock.ts'
import { createAuthorizationCodes } from '../../domain/oauth/authorization-code.ts'
import { createContinueFlow, createFindSignedIn } from '../../domain/oauth/continue-flow.ts'
import { createFlows, type Flows } from '../../domain/oauth/flow.ts'
import { randomId } from '../../domain/random-id.ts'
import type { LogInStores } from '../stores.ts'

type Env = { readonly TABLE_NAME: string; readonly SCOPES: readonly string[] }

type Parts = {
  readonly client: DynamoDBDocumentClient
  readonly stores: {
    readonly accounts: Pick<LogInStores['accounts'], 'findAccount'>
    readonly sessions: Pick<LogInStores['sessions'], 'readEpoch'>
  }
  readonly clock: Clock
}

/** The sign-ins that clients have asked for. */
export const wireFlowStore = (
  { client, clock }: Pick<Parts, 'client' | 'clock'>,
  env: Pick<Env, 'TABLE_NAME'>,
): Flows => createFlows({ store: createDynamoDbFlows(client, env.TABLE_NAME), randomBytes, clock })

/** What the pages of the code flow share. */
export function wireFlows(parts: Parts, env: Env) {
  const { client, stores, clock } = parts
  const store = createDynamoDbAuthorizationCodes(client, env.TABLE_NAME)
  return {
    flows: wireFlowStore(parts, env),
    findSignedIn: createFindSignedIn(stores),
    continueFlow: createContinueFlow({
      consents: createDynamoDbConsents(client, env.TABLE_NAME),
      newId: randomId,
      codes: createAuthorizationCodes({ store, randomBytes, clock }),
      clock,
      scopes: env.SCOPES,
    }),
  }
}
