import { randomBytes } from 'node:crypto'
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { clientConfig } from '../adapters/aws-client.ts'
import { bcrypt } from '../adapters/bcrypt.ts'
import { createDynamoDbAttempts } from '../adapters/dynamodb/attempts.ts'
import { createDynamoDb } from '../adapters/dynamodb/client.ts'
import { createDynamoDbSessions } from '../adapters/dynamodb/sessions.ts'
import { createDynamoDbUsers } from '../adapters/dynamodb/users.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createKmsSigner } from '../adapters/kms/signer.ts'
import { createPasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import { randomId } from '../domain/random-id.ts'
import { createStartSession } from '../domain/sessions/start-session.ts'
import { createAuthenticate } from '../domain/sign-in/authenticate.ts'
import { createChangePassword } from '../domain/sign-in/change-password.ts'
import { createThrottle } from '../domain/throttling/throttle.ts'
import { createAccessTokenIssuer } from '../domain/tokens/access-token.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { passwordEnv } from './env.ts'
import { createPasswordHandler } from './handler.ts'

const env = readEnv(passwordEnv, process.env)
const clock = () => Date.now() / 1000
const table = createDynamoDb()
const users = createDynamoDbUsers(table, env.TABLE_NAME)
const sessions = createDynamoDbSessions(table, env.TABLE_NAME)
const kms = new KMSClient(clientConfig)

// Both connections are opened at load, where a function has a full CPU whatever its memory.
const openKms = kms.send(new GetPublicKeyCommand({ KeyId: env.SIGNING_KEY_ID })).catch(() => undefined)
const openTable = sessions.findSession('nobody', 'none').catch(() => undefined)
await Promise.all([openTable, openKms])

const hasher = createPasswordHasher(bcrypt)
const failures = { accountFailures: env.ACCOUNT_FAILURES, addressFailures: env.ADDRESS_FAILURES }
const throttle = createThrottle(createDynamoDbAttempts(table, env.TABLE_NAME), failures, clock)
const rules = { issuer: env.ISSUER, audience: env.AUDIENCE, lifetime: env.ACCESS_TOKEN_LIFETIME }
const signer = createKmsSigner(kms, env.SIGNING_KEY_ID, env.SIGNING_KID)
const limits = { idle: env.SESSION_IDLE_LIMIT, absolute: env.SESSION_LIMIT }
const startSession = createStartSession({
  sessions,
  issueAccessToken: createAccessTokenIssuer(rules, signer, () => Math.floor(clock()), randomId),
  clock,
  randomBytes,
  limits,
  perUser: env.SESSIONS_PER_USER,
  scopes: env.SCOPES,
})

export const handler = endpoint(
  createPasswordHandler({
    changePassword: createChangePassword({
      sessions,
      users,
      authenticate: createAuthenticate({ users, hasher, throttle }),
      throttle,
      hasher,
      startSession,
      policy: { minimumLength: env.MINIMUM_PASSWORD_LENGTH, serviceName: env.SERVICE_NAME },
      clock,
      limits,
    }),
    lifetime: env.ACCESS_TOKEN_LIFETIME,
  }),
)
