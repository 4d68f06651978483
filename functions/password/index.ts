import { bcrypt } from '../adapters/bcrypt.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createPasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { createReadSourceAddress } from '../http/api/source-address.ts'
import { wireChangePassword } from '../wiring/change-password.ts'
import { clock } from '../wiring/clock.ts'
import { wireNotify } from '../wiring/mail.ts'
import { passwordPolicy } from '../wiring/settings.ts'
import { createSigning } from '../wiring/signing.ts'
import { createStores } from '../wiring/stores.ts'
import { passwordEnv } from './env.ts'
import { createPasswordHandler } from './handler.ts'

const env = readEnv(passwordEnv, process.env)
const client = createDynamoDb()
const stores = createStores(client, env.TABLE_NAME)
const { issueAccessToken, warmUp } = createSigning(env, clock)

const openTable = stores.sessions.readEpoch('nobody').catch(() => undefined)
await Promise.all([openTable, warmUp()])

const parts = { stores, issueAccessToken, hasher: createPasswordHasher(bcrypt), clock }

export const handler = endpoint(
  createPasswordHandler({
    changePassword: wireChangePassword(parts, env, passwordPolicy(env)),
    notify: wireNotify(env.MAIL_FUNCTION, { client, environment: process.env }),
    readAddress: createReadSourceAddress(env.VIEWER_ADDRESS),
    clock,
    lifetime: env.ACCESS_TOKEN_LIFETIME,
  }),
)
