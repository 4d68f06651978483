import { bcrypt } from '../adapters/bcrypt.ts'
import { readLogKey } from '../adapters/dynamodb/log-key.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createPasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { createReadSourceAddress } from '../http/api/source-address.ts'
import { wireClaims } from '../wiring/claims.ts'
import { clock } from '../wiring/clock.ts'
import { wireNotify } from '../wiring/mail.ts'
import { wireMigration } from '../wiring/migration.ts'
import { wireDecrypt } from '../wiring/secrets.ts'
import { wireFactorSteps } from '../wiring/sign-in/factor-steps.ts'
import { wireLogIn } from '../wiring/sign-in/log-in.ts'
import { createSigning } from '../wiring/signing.ts'
import { createLogInStores } from '../wiring/stores.ts'
import { loginEnv } from './env.ts'
import { createLoginHandler } from './handler.ts'

const env = readEnv(loginEnv, process.env)
const table = createDynamoDb()
const aws = { client: table, environment: process.env }
const { issueAccessToken, warmUp } = createSigning(env, clock)

// Reading the key opens the connection to the table.
const [hashForLog] = await Promise.all([readLogKey(table, env.TABLE_NAME), warmUp()])

const stores = createLogInStores(table, env.TABLE_NAME)
const askOldSystem = wireMigration(env.MIGRATE_FUNCTION, aws)
const askClaims = wireClaims(aws, env)
const parts = { stores, issueAccessToken, askClaims, hasher: createPasswordHasher(bcrypt), clock, askOldSystem }

export const handler = endpoint(
  createLoginHandler({
    logIn: wireLogIn(parts, env),
    ...wireFactorSteps({ ...parts, ...aws, decrypt: wireDecrypt(env.FACTOR_KEY_ID) }, env),
    notify: wireNotify(env.MAIL_FUNCTION, aws),
    hashForLog,
    clients: env.CLIENTS,
    readAddress: createReadSourceAddress(env.VIEWER_ADDRESS),
    clock,
    lifetime: env.ACCESS_TOKEN_LIFETIME,
  }),
)
