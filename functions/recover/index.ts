import { createDynamoDbConfirmations } from '../adapters/dynamodb/accounts/confirmations.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createPasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import { createRecoverPassword } from '../domain/sign-in/password/recover-password.ts'
import { createThrottle } from '../domain/throttling/throttle.ts'
import { endpointWithPages } from '../http/api/endpoint-with-pages.ts'
import { createReadSourceAddress } from '../http/api/source-address.ts'
import { serviceOf } from '../http/pages/service.ts'
import { clock } from '../wiring/clock.ts'
import { wireCodes, wireMail } from '../wiring/mail.ts'
import { passwordPolicy, throttleLimits } from '../wiring/settings.ts'
import { createStores } from '../wiring/stores.ts'
import { recoverEnv } from './env.ts'
import { createRecoverHandler } from './handler.ts'

const env = readEnv(recoverEnv, process.env)
const client = createDynamoDb()
const stores = createStores(client, env.TABLE_NAME)
const codes = wireCodes(client, env.TABLE_NAME, clock)
// No password is checked here, so there are no failures of an account to count.
const limits = throttleLimits({ ...env, ACCOUNT_FAILURES: 0 })

const dependencies = {
  codes,
  ...wireMail(env.MAIL_FUNCTION, { client, environment: process.env }),
  recoverPassword: createRecoverPassword({
    ...stores,
    codes,
    confirmations: createDynamoDbConfirmations(client, env.TABLE_NAME),
    hasher: createPasswordHasher(),
    policy: passwordPolicy(env),
  }),
  throttle: createThrottle(stores.attempts, limits, clock),
  readAddress: createReadSourceAddress(env.VIEWER_ADDRESS),
  clock,
}

export const handler = endpointWithPages(createRecoverHandler(dependencies), async () => {
  const { createForgotPages } = await import('./forgot-pages.ts')
  return createForgotPages({ ...serviceOf(env), minimumLength: env.MINIMUM_PASSWORD_LENGTH }, dependencies)
})
