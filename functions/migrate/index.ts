import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createInvokeFunction } from '../adapters/lambda/invoke.ts'
import { createMigrateAccount, createMigrateForRecovery } from '../domain/accounts/migrate-account.ts'
import { createPasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import { randomId } from '../domain/random-id.ts'
import { writeLine } from '../http/log.ts'
import { clock } from '../wiring/clock.ts'
import { createStores } from '../wiring/stores.ts'
import { migrateEnv } from './env.ts'
import { createMigrateHandler } from './handler.ts'

const env = readEnv(migrateEnv, process.env)
const client = createDynamoDb()
const { accounts, passwords } = createStores(client, env.TABLE_NAME)
const adding = { accounts, hasher: createPasswordHasher(), clock, newId: randomId }

export const handler = createMigrateHandler({
  askTrigger: createInvokeFunction({
    functionName: env.OLD_SYSTEM,
    client,
    environment: process.env,
    timeLimit: 3000,
  }),
  migrateAccount: createMigrateAccount({ ...adding, passwords }),
  migrateForRecovery: createMigrateForRecovery(adding),
  region: await client.config.region(),
  write: writeLine,
  now: Date.now,
})
