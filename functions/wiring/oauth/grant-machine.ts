import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createDynamoDbKeyExchange } from '../../adapters/dynamodb/api-keys/key-exchange.ts'
import { isApiKeyClient } from '../../domain/clients/api-key.ts'
import type { AuthenticateClientFrom } from '../../domain/clients/authenticate-client.ts'
import { createGrantApiKey } from '../../domain/oauth/grant-api-key.ts'
import { createGrantMachine, type GrantMachine } from '../../domain/oauth/grant-machine.ts'
import type { FindAccount } from '../../domain/sessions/session.ts'
import { type TargetEnv, targetsOf } from '../settings.ts'
import type { StartParts } from '../start-session.ts'

type Parts = {
  readonly client: DynamoDBDocumentClient
  readonly stores: {
    readonly accounts: { readonly findAccount: FindAccount }
    readonly sessions: Parameters<typeof createGrantMachine>[0]['sessions']
  }
  readonly issueAccessToken: StartParts['issueAccessToken']
  readonly authenticateClient: AuthenticateClientFrom
  readonly countFailure: Parameters<typeof createGrantApiKey>[0]['countFailure']
  readonly clock: StartParts['clock']
}

type Env = TargetEnv & { readonly TABLE_NAME: string; readonly SCOPES: readonly string[] }

/** The access tokens of machines, and those of people for their API keys. */
export function wireGrantMachine({ client, stores, ...parts }: Parts, env: Env): GrantMachine {
  const { SCOPES: scopes, TABLE_NAME } = env
  const targets = targetsOf(env)
  const grantMachine = createGrantMachine({ ...stores, ...parts, scopes, targets })
  const keys = createDynamoDbKeyExchange(client, TABLE_NAME)
  const grantApiKey = createGrantApiKey({ ...stores.accounts, ...parts, keys, scopes, targets })
  return (request) => (isApiKeyClient(request.credentials.clientId) ? grantApiKey : grantMachine)(request)
}
