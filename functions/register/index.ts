import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createCreateAccount } from '../domain/accounts/create-account.ts'
import { createPasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import { randomId } from '../domain/random-id.ts'
import { createThrottle } from '../domain/throttling/throttle.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { createReadSourceAddress } from '../http/api/source-address.ts'
import { clock } from '../wiring/clock.ts'
import { passwordPolicy, throttleLimits } from '../wiring/settings.ts'
import { createStores } from '../wiring/stores.ts'
import { registerEnv } from './env.ts'
import { createRegisterHandler } from './handler.ts'

const env = readEnv(registerEnv, process.env)
const { accounts, attempts } = createStores(createDynamoDb(), env.TABLE_NAME)
// No password is checked here, so there are no failures of an account to count.
const limits = throttleLimits({ ...env, ACCOUNT_FAILURES: 0 })

export const handler = endpoint(
  createRegisterHandler({
    createAccount: createCreateAccount({
      accounts,
      hasher: createPasswordHasher(),
      policy: passwordPolicy(env),
      clock,
      newId: randomId,
    }),
    throttle: createThrottle(attempts, limits, clock),
    readAddress: createReadSourceAddress(env.VIEWER_ADDRESS),
  }),
)
