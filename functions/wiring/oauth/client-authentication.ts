import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createDynamoDbDocuments } from '../../adapters/dynamodb/client-documents.ts'
import { createFindClient } from '../../adapters/dynamodb/client-look-up.ts'
import { createUseAssertionId } from '../../adapters/dynamodb/oauth/assertion-ids.ts'
import { createDynamoDbClientFailures } from '../../adapters/dynamodb/throttling/client-failures.ts'
import {
  createAuthenticateClient,
  createAuthenticateClientFrom,
  type FindClientKeys,
} from '../../domain/clients/authenticate-client.ts'
import { createFindAnyClient, createFindKeptKeys } from '../../domain/clients/clients-by-url.ts'
import type { Clock } from '../../domain/clock.ts'
import { createVerifyClientAssertion } from '../../domain/oauth/client-assertion.ts'
import { createReserveOnAddress } from '../../domain/throttling/throttle.ts'

type Parts = {
  readonly client: DynamoDBDocumentClient
  readonly clock: Clock
  /** @default the keys that are kept of clients by URL, and no others */
  readonly findKeys?: FindClientKeys
}

type Env = {
  readonly TABLE_NAME: string
  readonly ISSUER: string
  readonly ADDRESS_FAILURES: number
  readonly CLIENTS_BY_URL: readonly string[]
  readonly SCOPES?: readonly string[]
}

/** The authentication of clients, registered or by URL, as functions need it that clients call. */
export function wireClientAuthentication({ client, clock, ...parts }: Parts, env: Env) {
  const { TABLE_NAME, ISSUER: issuer, ADDRESS_FAILURES } = env
  const documents = {
    store: createDynamoDbDocuments(client, TABLE_NAME),
    hosts: env.CLIENTS_BY_URL,
    scopes: env.SCOPES ?? [],
  }
  const findClient = createFindAnyClient(createFindClient(client, TABLE_NAME), documents)
  const { findKeys = createFindKeptKeys(documents) } = parts
  const useAssertionId = createUseAssertionId(client, TABLE_NAME)
  const verifyAssertion = createVerifyClientAssertion({ issuer, clock, useAssertionId })
  const countOnAddress = createDynamoDbClientFailures(client, TABLE_NAME)
  const countFailure = createReserveOnAddress(countOnAddress, ADDRESS_FAILURES, clock)
  return {
    findClient,
    countFailure,
    authenticateClient: createAuthenticateClientFrom(
      createAuthenticateClient(findClient, verifyAssertion, findKeys),
      countFailure,
    ),
  }
}
