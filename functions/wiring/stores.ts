import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createDynamoDbAccounts } from '../adapters/dynamodb/accounts/accounts.ts'
import { createDynamoDbPasswords } from '../adapters/dynamodb/accounts/passwords.ts'
import { createDynamoDbSessions } from '../adapters/dynamodb/sessions/sessions.ts'
import { createDynamoDbAttempts } from '../adapters/dynamodb/throttling/attempts.ts'
import { createDynamoDbDevices } from '../adapters/dynamodb/throttling/devices.ts'

/** Everything that is kept in the one table. */
export const createStores = (client: DynamoDBDocumentClient, tableName: string) => ({
  accounts: createDynamoDbAccounts(client, tableName),
  passwords: createDynamoDbPasswords(client, tableName),
  sessions: createDynamoDbSessions(client, tableName),
  attempts: createDynamoDbAttempts(client, tableName),
  devices: createDynamoDbDevices(client, tableName),
})

export type Stores = ReturnType<typeof createStores>
