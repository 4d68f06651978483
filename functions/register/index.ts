import { createDynamoDbConfirmations } from '../adapters/dynamodb/accounts/confirmations.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createConfirmRegistration } from '../domain/accounts/confirm-registration.ts'
import { createCreateAccount } from '../domain/accounts/create-account.ts'
import { createOpenRegistration } from '../domain/accounts/open-registration.ts'
import { createPasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import { randomId } from '../domain/random-id.ts'
import { createThrottle } from '../domain/throttling/throttle.ts'
import { endpointWithPages } from '../http/api/endpoint-with-pages.ts'
import { createReadSourceAddress } from '../http/api/source-address.ts'
import { serviceOf } from '../http/pages/service.ts'
import { clock } from '../wiring/clock.ts'
import { wireCodes, wireMail } from '../wiring/mail.ts'
import { passwordPolicy, throttleLimits } from '../wiring/settings.ts'
import { createStores } from '../wiring/stores.ts'
import { registerEnv } from './env.ts'
import { createRegisterHandler } from './handler.ts'
import { createMailedRegisterHandler } from './mailed-handler.ts'

const env = readEnv(registerEnv, process.env)
const client = createDynamoDb()
const { accounts, attempts } = createStores(client, env.TABLE_NAME)
// No password is checked here, so there are no failures of an account to count.
const limits = throttleLimits({ ...env, ACCOUNT_FAILURES: 0 })
const common = {
  throttle: createThrottle(attempts, limits, clock),
  readAddress: createReadSourceAddress(env.VIEWER_ADDRESS),
  clock,
}
const creating = { hasher: createPasswordHasher(), policy: passwordPolicy(env), clock, newId: randomId }
const codes = wireCodes(client, env.TABLE_NAME, clock)

const dependencies =
  env.MAIL_FUNCTION === null
    ? { ...common, createAccount: createCreateAccount({ ...creating, accounts }) }
    : {
        ...common,
        ...wireMail(env.MAIL_FUNCTION, { client, environment: process.env }),
        openRegistration: createOpenRegistration({ ...creating, codes }),
        confirmRegistration: createConfirmRegistration({
          ...creating,
          codes,
          confirmations: createDynamoDbConfirmations(client, env.TABLE_NAME),
          scope: [],
        }),
      }

export const handler = endpointWithPages(
  'createAccount' in dependencies ? createRegisterHandler(dependencies) : createMailedRegisterHandler(dependencies),
  async () => {
    const { createSignUpPages } = await import('./sign-up-pages.ts')
    return createSignUpPages({ ...serviceOf(env), minimumLength: env.MINIMUM_PASSWORD_LENGTH }, dependencies)
  },
)
