import { bcrypt } from '../adapters/bcrypt.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createPasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import { endpointWithPages } from '../http/api/endpoint-with-pages.ts'
import { createReadSourceAddress } from '../http/api/source-address.ts'
import { createCookies } from '../http/pages/cookies.ts'
import { serviceOf } from '../http/pages/service.ts'
import { wireChangePassword, wireChangePasswordOnPage } from '../wiring/change-password.ts'
import { wireClaims } from '../wiring/claims.ts'
import { clock } from '../wiring/clock.ts'
import { wireNotify } from '../wiring/mail.ts'
import { passwordPolicy } from '../wiring/settings.ts'
import { wireOwnPages } from '../wiring/sign-in/own-pages.ts'
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

const askClaims = wireClaims({ client, environment: process.env }, env)
const parts = { stores, issueAccessToken, askClaims, hasher: createPasswordHasher(bcrypt), clock }
const policy = passwordPolicy(env)
const common = {
  notify: wireNotify(env.MAIL_FUNCTION, { client, environment: process.env }),
  readAddress: createReadSourceAddress(env.VIEWER_ADDRESS),
  clock,
}

export const handler = endpointWithPages(
  createPasswordHandler({
    ...common,
    changePassword: wireChangePassword(parts, env, policy),
    lifetime: env.ACCESS_TOKEN_LIFETIME,
  }),
  async () => {
    const { createPasswordPages } = await import('./password-pages.ts')
    const pages = wireOwnPages({ client, ...parts }, env)
    return createPasswordPages({
      ...common,
      ...pages,
      service: { ...serviceOf(env), minimumLength: policy.minimumLength, hasMail: env.MAIL_FUNCTION !== null },
      cookies: createCookies(env.ISSUER),
      passwords: stores.passwords,
      changePassword: wireChangePasswordOnPage({ ...parts, ...pages }, env, policy),
    })
  },
)
