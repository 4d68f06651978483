import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createDynamoDbAccounts } from '../adapters/dynamodb/accounts.ts'
import { createDynamoDbAttempts } from '../adapters/dynamodb/attempts.ts'
import { createDynamoDbDevices } from '../adapters/dynamodb/devices.ts'
import { createDynamoDbPasswords } from '../adapters/dynamodb/passwords.ts'
import { createDynamoDbSessions } from '../adapters/dynamodb/sessions.ts'

/** Everything that is kept in the one table. */
export const createStores = (client: DynamoDBDocumentClient, tableName: string) => ({
  accounts: createDynamoDbAccounts(client, tableName),
  passwords: createDynamoDbPasswords(client, tableName),
  sessions: createDynamoDbSessions(client, tableName),
  attempts: createDynamoDbAttempts(client, tableName),
  devices: createDynamoDbDevices(client, tableName),
})

export type Stores = ReturnType<typeof createStores>
