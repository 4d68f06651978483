import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createFindClient } from '../adapters/dynamodb/client-look-up.ts'
import { createDynamoDbClientFailures } from '../adapters/dynamodb/throttling/client-failures.ts'
import { createAuthenticateClient, createAuthenticateClientFrom } from '../domain/clients/authenticate-client.ts'
import type { Clock } from '../domain/clock.ts'
import { createReserveOnAddress } from '../domain/throttling/throttle.ts'

type Parts = { readonly client: DynamoDBDocumentClient; readonly clock: Clock }
type Env = { readonly TABLE_NAME: string; readonly ADDRESS_FAILURES: number }

/** The authentication of registered clients, as functions need it that clients call. */
export function wireClientAuthentication({ client, clock }: Parts, { TABLE_NAME, ADDRESS_FAILURES }: Env) {
  const findClient = createFindClient(client, TABLE_NAME)
  const countFailure = createReserveOnAddress(createDynamoDbClientFailures(client, TABLE_NAME), ADDRESS_FAILURES, clock)
  return {
    findClient,
    authenticateClient: createAuthenticateClientFrom(createAuthenticateClient(findClient), countFailure),
  }
}
