import { createDynamoDbAttempts } from '../adapters/dynamodb/attempts.ts'
import { createDynamoDb } from '../adapters/dynamodb/client.ts'
import { createDynamoDbUsers } from '../adapters/dynamodb/users.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createCreateAccount } from '../domain/accounts/create-account.ts'
import { createPasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import { randomId } from '../domain/random-id.ts'
import { createThrottle } from '../domain/throttling/throttle.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { registerEnv } from './env.ts'
import { createRegisterHandler } from './handler.ts'

const env = readEnv(registerEnv, process.env)
const clock = () => Math.floor(Date.now() / 1000)
const table = createDynamoDb()
// No password is checked here, so there are no failures of an account to count.
const limits = { accountFailures: 0, addressFailures: env.ADDRESS_FAILURES }

export const handler = endpoint(
  createRegisterHandler({
    createAccount: createCreateAccount({
      users: createDynamoDbUsers(table, env.TABLE_NAME),
      hasher: createPasswordHasher(),
      policy: { minimumLength: env.MINIMUM_PASSWORD_LENGTH, serviceName: env.SERVICE_NAME },
      clock,
      newId: randomId,
    }),
    throttle: createThrottle(createDynamoDbAttempts(table, env.TABLE_NAME), limits, clock),
  }),
)
