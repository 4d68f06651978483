import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { bcrypt } from '../../functions/adapters/bcrypt.ts'
import { createDynamoDbAttempts } from '../../functions/adapters/dynamodb/attempts.ts'
import { createDynamoDbSessions } from '../../functions/adapters/dynamodb/sessions.ts'
import { createDynamoDbSubjects } from '../../functions/adapters/dynamodb/subjects.ts'
import { createDynamoDbUsers } from '../../functions/adapters/dynamodb/users.ts'
import { createAdminHandler } from '../../functions/admin/handler.ts'
import { createAccountLifecycle } from '../../functions/domain/accounts/account-lifecycle.ts'
import { createCreateAccount } from '../../functions/domain/accounts/create-account.ts'
import { createImportAccount } from '../../functions/domain/accounts/import-account.ts'
import { createPasswordHasher } from '../../functions/domain/passwords/hashing/password-hasher.ts'
import { randomId } from '../../functions/domain/random-id.ts'
import { createSetPassword } from '../../functions/domain/sign-in/set-password.ts'
import { context } from './builders/events.ts'

/** The admin function over a table, put together as its index.ts does. */
export function createAdmin({ client, name }: { readonly client: DynamoDBDocumentClient; readonly name: string }) {
  const users = createDynamoDbUsers(client, name)
  const sessions = createDynamoDbSessions(client, name)
  const subjects = createDynamoDbSubjects(client, name)
  const attempts = createDynamoDbAttempts(client, name)
  const hasher = createPasswordHasher(bcrypt)
  const scopes = ['a', 'b']
  const policy = { minimumLength: 15, serviceName: 'Latchkey of the orders' }
  const clock = () => 1_800_000_000
  const lines: string[] = []
  const handler = createAdminHandler({
    createAccount: createCreateAccount({ users, hasher, policy, clock, newId: randomId }),
    setPassword: createSetPassword({ users, sessions, attempts, hasher, policy }),
    importAccount: createImportAccount({ users, subjects, hasher, scopes, clock, newId: randomId }),
    accountLifecycle: createAccountLifecycle({ users, sessions }),
    users,
    scopes,
    write: (line) => lines.push(line),
    now: () => clock() * 1000,
  })
  /** Gives a command, and reads its answer as it travels: from JSON. */
  const run = async (event: unknown) => JSON.parse(JSON.stringify(await handler(event, context)))
  return { run, lines, users, sessions, attempts, hasher, policy }
}
