import { randomBytes } from 'node:crypto'
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { clientConfig } from '../adapters/aws-client.ts'
import { bcrypt } from '../adapters/bcrypt.ts'
import { createDynamoDbAttempts } from '../adapters/dynamodb/attempts.ts'
import { createDynamoDb } from '../adapters/dynamodb/client.ts'
import { readLogKey } from '../adapters/dynamodb/log-key.ts'
import { createDynamoDbSessions } from '../adapters/dynamodb/sessions.ts'
import { createDynamoDbUsers } from '../adapters/dynamodb/users.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createKmsSigner } from '../adapters/kms/signer.ts'
import { createPasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import { randomId } from '../domain/random-id.ts'
import { createStartSession } from '../domain/sessions/start-session.ts'
import { createAuthenticate } from '../domain/sign-in/authenticate.ts'
import { createRecordSuccess } from '../domain/sign-in/record-success.ts'
import { createThrottle } from '../domain/throttling/throttle.ts'
import { createAccessTokenIssuer } from '../domain/tokens/access-token.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { loginEnv } from './env.ts'
import { createLoginHandler } from './handler.ts'

const env = readEnv(loginEnv, process.env)
const clock = () => Date.now() / 1000
const table = createDynamoDb()
const kms = new KMSClient(clientConfig)

// Both connections are opened at load, where a function has a full CPU whatever its memory. KMS is asked for the public
// half, not for a signature, so that every `Sign` in CloudTrail stands for one token.
const openKms = kms.send(new GetPublicKeyCommand({ KeyId: env.SIGNING_KEY_ID })).catch(() => undefined)
const [hashForLog] = await Promise.all([readLogKey(table, env.TABLE_NAME), openKms])

const rules = { issuer: env.ISSUER, audience: env.AUDIENCE, lifetime: env.ACCESS_TOKEN_LIFETIME }
const hasher = createPasswordHasher(bcrypt)
const users = createDynamoDbUsers(table, env.TABLE_NAME)
const limits = { accountFailures: env.ACCOUNT_FAILURES, addressFailures: env.ADDRESS_FAILURES }
const throttle = createThrottle(createDynamoDbAttempts(table, env.TABLE_NAME), limits, clock)
const signer = createKmsSigner(kms, env.SIGNING_KEY_ID, env.SIGNING_KID)

export const handler = endpoint(
  createLoginHandler({
    authenticate: createAuthenticate({ users, hasher, throttle }),
    recordSuccess: createRecordSuccess({ users, hasher, throttle }),
    startSession: createStartSession({
      sessions: createDynamoDbSessions(table, env.TABLE_NAME),
      issueAccessToken: createAccessTokenIssuer(rules, signer, () => Math.floor(clock()), randomId),
      clock,
      randomBytes,
      limits: { idle: env.SESSION_IDLE_LIMIT, absolute: env.SESSION_LIMIT },
      perUser: env.SESSIONS_PER_USER,
      scopes: env.SCOPES,
    }),
    hashForLog,
    clients: env.CLIENTS,
    lifetime: env.ACCESS_TOKEN_LIFETIME,
  }),
)
