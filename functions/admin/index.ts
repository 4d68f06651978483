import { bcrypt } from '../adapters/bcrypt.ts'
import { createDynamoDbAttempts } from '../adapters/dynamodb/attempts.ts'
import { createDynamoDb } from '../adapters/dynamodb/client.ts'
import { createDynamoDbSessions } from '../adapters/dynamodb/sessions.ts'
import { createDynamoDbSubjects } from '../adapters/dynamodb/subjects.ts'
import { createDynamoDbUsers } from '../adapters/dynamodb/users.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createAccountLifecycle } from '../domain/accounts/account-lifecycle.ts'
import { createCreateAccount } from '../domain/accounts/create-account.ts'
import { createImportAccount } from '../domain/accounts/import-account.ts'
import { createPasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import { randomId } from '../domain/random-id.ts'
import { createSetPassword } from '../domain/sign-in/set-password.ts'
import { writeLine } from '../http/log.ts'
import { adminEnv } from './env.ts'
import { createAdminHandler } from './handler.ts'

const env = readEnv(adminEnv, process.env)
const table = createDynamoDb()
const users = createDynamoDbUsers(table, env.TABLE_NAME)
const sessions = createDynamoDbSessions(table, env.TABLE_NAME)

const subjects = createDynamoDbSubjects(table, env.TABLE_NAME)
const attempts = createDynamoDbAttempts(table, env.TABLE_NAME)
// With bcrypt, for an imported hash is good if log-in can verify it.
const hasher = createPasswordHasher(bcrypt)
const policy = { minimumLength: env.MINIMUM_PASSWORD_LENGTH, serviceName: env.SERVICE_NAME }
const clock = () => Math.floor(Date.now() / 1000)

export const handler = createAdminHandler({
  createAccount: createCreateAccount({ users, hasher, policy, clock, newId: randomId }),
  setPassword: createSetPassword({ users, sessions, attempts, hasher, policy }),
  importAccount: createImportAccount({ users, subjects, hasher, scopes: env.SCOPES, clock, newId: randomId }),
  accountLifecycle: createAccountLifecycle({ users, sessions }),
  users,
  scopes: env.SCOPES,
  write: writeLine,
  now: Date.now,
})
