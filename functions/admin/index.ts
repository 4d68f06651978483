import { bcrypt } from '../adapters/bcrypt.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createPasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import { writeLine } from '../http/log.ts'
import { wireAdministration } from '../wiring/administration.ts'
import { clock } from '../wiring/clock.ts'
import { passwordPolicy } from '../wiring/settings.ts'
import { createStores } from '../wiring/stores.ts'
import { adminEnv } from './env.ts'
import { createAdminHandler } from './handler.ts'

const env = readEnv(adminEnv, process.env)
const stores = createStores(createDynamoDb(), env.TABLE_NAME)
// With bcrypt: an imported hash is accepted if log-in can verify it.
const parts = { stores, hasher: createPasswordHasher(bcrypt), clock }

export const handler = createAdminHandler({
  ...wireAdministration(parts, passwordPolicy(env), env.SCOPES),
  scopes: env.SCOPES,
  write: writeLine,
  now: Date.now,
})
