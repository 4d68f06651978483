import { randomBytes } from 'node:crypto'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { bcrypt } from '../../functions/adapters/bcrypt.ts'
import { createDynamoDbApiKeys } from '../../functions/adapters/dynamodb/api-keys/api-keys.ts'
import { createDynamoDbCodes } from '../../functions/adapters/dynamodb/codes.ts'
import { createDynamoDbEnrolments } from '../../functions/adapters/dynamodb/factors/enrolments.ts'
import { createAdminHandler } from '../../functions/admin/handler.ts'
import { createCodes } from '../../functions/domain/codes/codes.ts'
import type { MailEvent } from '../../functions/domain/mail/mail-event.ts'
import { createPasswordHasher } from '../../functions/domain/passwords/hashing/password-hasher.ts'
import { wireAdministration } from '../../functions/wiring/administration.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { context } from './builders/events.ts'
import { createUsers } from './builders/users.ts'
import { createClientCommands } from './fakes/memory-clients.ts'

type Table = { readonly client: DynamoDBDocumentClient; readonly name: string }

/** The admin function over a table, put together as its index.ts does. What would be mailed is kept. */
export function createAdmin({ client, name }: Table, { hasMail = true } = {}) {
  const stores = createStores(client, name)
  const enrolments = createDynamoDbEnrolments(client, name)
  const hasher = createPasswordHasher(bcrypt)
  const scopes = ['a', 'b']
  const policy = { minimumLength: 15, serviceName: 'Latchkey of the orders' }
  const clock = () => 1_800_000_000
  const lines: string[] = []
  const mailed: MailEvent[] = []
  const codes = createCodes({ store: createDynamoDbCodes(client, name), randomBytes, clock })
  const handler = createAdminHandler({
    ...createClientCommands(),
    apiKeys: createDynamoDbApiKeys(client, name),
    ...wireAdministration({ stores, enrolments, hasher, clock }, policy, scopes),
    notify: async (notice) => {
      mailed.push(notice)
      return {}
    },
    recoveries: hasMail ? { codes, requestCode: async (request) => void mailed.push(request) } : undefined,
    scopes,
    write: (line) => lines.push(line),
    now: () => clock() * 1000,
  })
  /** Gives a command, and reads its answer as it travels: from JSON. */
  const run = async (event: unknown) => JSON.parse(JSON.stringify(await handler(event, context)))
  return { run, lines, mailed, codes, ...stores, users: createUsers(stores), hasher, policy }
}
