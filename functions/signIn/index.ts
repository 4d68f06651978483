import { randomBytes } from 'node:crypto'
import { bcrypt } from '../adapters/bcrypt.ts'
import { readLogKey } from '../adapters/dynamodb/log-key.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { ownPagesWith } from '../domain/oauth/own-pages.ts'
import { createPasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import { createReadSourceAddress } from '../http/api/source-address.ts'
import { createCookies } from '../http/pages/cookies.ts'
import { pageEndpoint } from '../http/pages/page-endpoint.ts'
import { createPages } from '../http/pages/pages.ts'
import { serviceOf } from '../http/pages/service.ts'
import { clock } from '../wiring/clock.ts'
import { wireDecryptByRequest } from '../wiring/decrypt-by-request.ts'
import { wireNotify } from '../wiring/mail.ts'
import { wireMigration } from '../wiring/migration.ts'
import { wireFlows } from '../wiring/oauth/flows.ts'
import { wireSignIn } from '../wiring/sign-in/sign-in.ts'
import { wireSso } from '../wiring/sign-in/sso.ts'
import { createLogInStores } from '../wiring/stores.ts'
import { signInEnv } from './env.ts'
import { createSignInHandler } from './handler.ts'

const env = readEnv(signInEnv, process.env)
const client = createDynamoDb()
const environment = process.env
const stores = createLogInStores(client, env.TABLE_NAME)
const sso = wireSso(client, clock, env)
const service = {
  ...serviceOf(env),
  hasPasskeys: env.SECOND_FACTOR !== 'off',
  hasSignUp: env.SIGN_UP_PAGE,
  hasForgot: env.FORGOT_PAGE,
}

// Reading the key opens the connection to the table.
const hashForLog = await readLogKey(client, env.TABLE_NAME)

const steps = {
  ...{ stores, sso, client, environment, clock, hasher: createPasswordHasher(bcrypt) },
  askOldSystem: wireMigration(env.MIGRATE_FUNCTION, { client, environment }),
  decrypt: wireDecryptByRequest(env.FACTOR_KEY_ID, { client, environment }),
}

const dependencies = {
  cookies: createCookies(env.ISSUER),
  ...wireFlows({ client, stores, clock }, env),
  sso,
  stepsOf: wireSignIn(steps, env),
  notify: wireNotify(env.MAIL_FUNCTION, { client, environment }),
  hashForLog,
  readAddress: createReadSourceAddress(env.VIEWER_ADDRESS),
  newBrowserToken: () => randomBytes(32).toString('base64url'),
  clock,
  ownPages: ownPagesWith({ mail: env.MAIL_FUNCTION !== null, factors: service.hasPasskeys }),
  reachable: service.hasPasskeys ? 'mfa' : 'pwd',
} as const

export const handler = pageEndpoint(
  createPages(service, (context) => createSignInHandler({ ...dependencies, context })),
)
