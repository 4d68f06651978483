import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createFindClient } from '../adapters/dynamodb/client-look-up.ts'
import { createUseAssertionId } from '../adapters/dynamodb/oauth/assertion-ids.ts'
import { createDynamoDbClientFailures } from '../adapters/dynamodb/throttling/client-failures.ts'
import { createAuthenticateClient, createAuthenticateClientFrom } from '../domain/clients/authenticate-client.ts'
import type { Clock } from '../domain/clock.ts'
import { createVerifyClientAssertion } from '../domain/oauth/client-assertion.ts'
import { createReserveOnAddress } from '../domain/throttling/throttle.ts'

type Parts = { readonly client: DynamoDBDocumentClient; readonly clock: Clock }
type Env = { readonly TABLE_NAME: string; readonly ISSUER: string; readonly ADDRESS_FAILURES: number }

/** The authentication of registered clients, as functions need it that clients call. */
export function wireClientAuthentication({ client, clock }: Parts, env: Env) {
  const { TABLE_NAME, ISSUER: issuer, ADDRESS_FAILURES } = env
  const findClient = createFindClient(client, TABLE_NAME)
  const useAssertionId = createUseAssertionId(client, TABLE_NAME)
  const verifyAssertion = createVerifyClientAssertion({ issuer, clock, useAssertionId })
  const countOnAddress = createDynamoDbClientFailures(client, TABLE_NAME)
  const countFailure = createReserveOnAddress(countOnAddress, ADDRESS_FAILURES, clock)
  return {
    findClient,
    countFailure,
    authenticateClient: createAuthenticateClientFrom(
      createAuthenticateClient(findClient, verifyAssertion),
      countFailure,
    ),
  }
}
