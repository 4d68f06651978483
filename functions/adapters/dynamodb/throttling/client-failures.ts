import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type AttemptStore, addressWindow } from '../../../domain/throttling/throttle.ts'
import { createTable } from '../table/table.ts'
import { countUpTo } from './attempts.ts'

/**
 * Failures of clients counted in DynamoDB, one item per address and window. Apart from those of log-ins: a machine that
 * has the wrong secret must not keep the people behind its address from logging in.
 */
export function createDynamoDbClientFailures(
  client: DynamoDBDocumentClient,
  tableName: string,
): AttemptStore['countOnAddress'] {
  const table = createTable(client, tableName)
  return async (address, window, limit) => {
    const key = { pk: `THROTTLE#CLIENT#${address}`, sk: `WINDOW#${window}` }
    return (await table.update(key, countUpTo(limit, window + 2 * addressWindow))).written
  }
}
