import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createAccountLookUp } from '../adapters/dynamodb/accounts/account-look-up.ts'
import { createDynamoDbAccounts } from '../adapters/dynamodb/accounts/accounts.ts'
import { createPasswordRenewal } from '../adapters/dynamodb/accounts/password-renewal.ts'
import { createDynamoDbPasswords } from '../adapters/dynamodb/accounts/passwords.ts'
import { createDynamoDbAuthSessions } from '../adapters/dynamodb/auth-sessions.ts'
import { createFindCredentials } from '../adapters/dynamodb/factors/credentials.ts'
import { createDynamoDbSessions, createNewSessions } from '../adapters/dynamodb/sessions/sessions.ts'
import { createDynamoDbAttempts } from '../adapters/dynamodb/throttling/attempts.ts'
import { createDynamoDbDevices } from '../adapters/dynamodb/throttling/devices.ts'

/** What the steps after the password read and write, in the one table: a bundle that people wait for carries no more. */
export const createStepStores = (client: DynamoDBDocumentClient, tableName: string) => ({
  accounts: createAccountLookUp(client, tableName),
  findCredentials: createFindCredentials(client, tableName),
  authSessions: createDynamoDbAuthSessions(client, tableName),
  sessions: createNewSessions(client, tableName),
  attempts: createDynamoDbAttempts(client, tableName),
  devices: createDynamoDbDevices(client, tableName),
})

/** What log-ins by password do. */
export const createLogInStores = (client: DynamoDBDocumentClient, tableName: string) => ({
  ...createStepStores(client, tableName),
  passwords: createPasswordRenewal(client, tableName),
})

/** Everything that is kept in the one table. */
export const createStores = (client: DynamoDBDocumentClient, tableName: string) => ({
  ...createLogInStores(client, tableName),
  accounts: createDynamoDbAccounts(client, tableName),
  sessions: createDynamoDbSessions(client, tableName),
  passwords: createDynamoDbPasswords(client, tableName),
})

export type LogInStores = ReturnType<typeof createLogInStores>
export type Stores = ReturnType<typeof createStores>
