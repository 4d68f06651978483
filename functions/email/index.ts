import { bcrypt } from '../adapters/bcrypt.ts'
import { createDynamoDbConfirmations } from '../adapters/dynamodb/accounts/confirmations.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createConfirmAddress } from '../domain/accounts/confirm-address.ts'
import { createPasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import { createFindLiveSession } from '../domain/sessions/live-session.ts'
import { createVerifyOwner } from '../domain/sign-in/verify-owner.ts'
import { createThrottle } from '../domain/throttling/throttle.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { createReadSourceAddress } from '../http/api/source-address.ts'
import { clock } from '../wiring/clock.ts'
import { factorRules } from '../wiring/complete-log-in.ts'
import { wireCodes, wireMail } from '../wiring/mail.ts'
import { sessionLimits, throttleLimits } from '../wiring/settings.ts'
import { createStores } from '../wiring/stores.ts'
import { emailEnv } from './env.ts'
import { createEmailHandler } from './handler.ts'

const env = readEnv(emailEnv, process.env)
const client = createDynamoDb()
const stores = createStores(client, env.TABLE_NAME)
const codes = wireCodes(client, env.TABLE_NAME, clock)
const confirmations = createDynamoDbConfirmations(client, env.TABLE_NAME)
const findLiveSession = createFindLiveSession({ ...stores, clock, limits: sessionLimits(env) })
const common = { ...stores, codes, confirmations }

export const handler = endpoint(
  createEmailHandler({
    ...wireMail(env.MAIL_FUNCTION, { client, environment: process.env }),
    codes,
    verifyOwner: createVerifyOwner({
      ...stores,
      findLive: findLiveSession,
      factorRules: factorRules(env),
      hasher: createPasswordHasher(bcrypt),
      throttle: createThrottle(stores.attempts, throttleLimits(env), clock),
    }),
    findLiveSession,
    confirmAddress: createConfirmAddress(common),
    readAddress: createReadSourceAddress(env.VIEWER_ADDRESS),
    clock,
  }),
)
