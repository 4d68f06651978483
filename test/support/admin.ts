import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { bcrypt } from '../../functions/adapters/bcrypt.ts'
import { createAdminHandler } from '../../functions/admin/handler.ts'
import { createPasswordHasher } from '../../functions/domain/passwords/hashing/password-hasher.ts'
import { wireAdministration } from '../../functions/wiring/administration.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { context } from './builders/events.ts'
import { createUsers } from './builders/users.ts'

/** The admin function over a table, put together as its index.ts does. */
export function createAdmin({ client, name }: { readonly client: DynamoDBDocumentClient; readonly name: string }) {
  const stores = createStores(client, name)
  const hasher = createPasswordHasher(bcrypt)
  const scopes = ['a', 'b']
  const policy = { minimumLength: 15, serviceName: 'Latchkey of the orders' }
  const clock = () => 1_800_000_000
  const lines: string[] = []
  const handler = createAdminHandler({
    ...wireAdministration({ stores, hasher, clock }, policy, scopes),
    scopes,
    write: (line) => lines.push(line),
    now: () => clock() * 1000,
  })
  /** Gives a command, and reads its answer as it travels: from JSON. */
  const run = async (event: unknown) => JSON.parse(JSON.stringify(await handler(event, context)))
  return { run, lines, ...stores, users: createUsers(stores), hasher, policy }
}
