import { bcrypt } from '../adapters/bcrypt.ts'
import { createDynamoDbConfirmations } from '../adapters/dynamodb/accounts/confirmations.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createConfirmAddress } from '../domain/accounts/confirm-address.ts'
import { createPasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import { type BrowserCaller, createFindLiveSession } from '../domain/sessions/live-session.ts'
import { createVerifyOwner } from '../domain/sign-in/verify-owner.ts'
import { createThrottle } from '../domain/throttling/throttle.ts'
import { endpointWithPages } from '../http/api/endpoint-with-pages.ts'
import { createReadSourceAddress } from '../http/api/source-address.ts'
import { createCookies } from '../http/pages/cookies.ts'
import { serviceOf } from '../http/pages/service.ts'
import { clock } from '../wiring/clock.ts'
import { wireCodes, wireMail } from '../wiring/mail.ts'
import { sessionLimits, throttleLimits } from '../wiring/settings.ts'
import { factorRules } from '../wiring/sign-in/complete-log-in.ts'
import { wireOwnPages } from '../wiring/sign-in/own-pages.ts'
import { createStores } from '../wiring/stores.ts'
import { emailEnv } from './env.ts'
import { createEmailHandler } from './handler.ts'

const env = readEnv(emailEnv, process.env)
const client = createDynamoDb()
const stores = createStores(client, env.TABLE_NAME)
const codes = wireCodes(client, env.TABLE_NAME, clock)
const confirmations = createDynamoDbConfirmations(client, env.TABLE_NAME)
const findLiveSession = createFindLiveSession({ ...stores, clock, limits: sessionLimits(env) })
const owning = {
  ...stores,
  factorRules: factorRules(env),
  hasher: createPasswordHasher(bcrypt),
  throttle: createThrottle(stores.attempts, throttleLimits(env), clock),
}
const common = {
  ...wireMail(env.MAIL_FUNCTION, { client, environment: process.env }),
  codes,
  confirmAddress: createConfirmAddress({ ...stores, codes, confirmations }),
  readAddress: createReadSourceAddress(env.VIEWER_ADDRESS),
  clock,
}

export const handler = endpointWithPages(
  createEmailHandler({
    ...common,
    verifyOwner: createVerifyOwner({ ...owning, findLive: findLiveSession }),
    findLiveSession,
  }),
  async () => {
    const { createEmailPages } = await import('./email-pages.ts')
    const pages = wireOwnPages({ client, stores, clock }, env)
    return createEmailPages({
      ...common,
      ...pages,
      service: serviceOf(env),
      cookies: createCookies(env.ISSUER),
      verifyOwner: createVerifyOwner({ ...owning, findLive: ({ sso }: BrowserCaller) => pages.findLiveSso(sso) }),
    })
  },
)
