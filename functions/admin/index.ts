import { createDynamoDb } from '../adapters/dynamodb.ts'
import { createDynamoDbSessions } from '../adapters/dynamodb-sessions.ts'
import { createDynamoDbUsers } from '../adapters/dynamodb-users.ts'
import { readEnv } from '../adapters/env.ts'
import { createAccountEnd } from '../domain/account-end.ts'
import { createAccountCreator } from '../domain/accounts.ts'
import { createPasswordHasher } from '../domain/password-hash.ts'
import { randomId } from '../domain/random-id.ts'
import { writeLine } from '../http/log.ts'
import { adminEnv } from './env.ts'
import { createAdminHandler } from './handler.ts'

const env = readEnv(adminEnv, process.env)
const table = createDynamoDb()
const users = createDynamoDbUsers(table, env.TABLE_NAME)
const sessions = createDynamoDbSessions(table, env.TABLE_NAME)

export const handler = createAdminHandler({
  createAccount: createAccountCreator({
    users,
    hasher: createPasswordHasher(),
    policy: { minimumLength: env.MINIMUM_PASSWORD_LENGTH, serviceName: env.SERVICE_NAME },
    clock: () => Math.floor(Date.now() / 1000),
    newId: randomId,
  }),
  accountEnd: createAccountEnd({ users, sessions }),
  users,
  scopes: env.SCOPES,
  write: writeLine,
  now: Date.now,
})
