import { randomBytes } from 'node:crypto'
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { clientConfig } from '../adapters/aws-client.ts'
import { createDynamoDb } from '../adapters/dynamodb/client.ts'
import { createDynamoDbSessions } from '../adapters/dynamodb/sessions.ts'
import { createDynamoDbUsers } from '../adapters/dynamodb/users.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createKmsSigner } from '../adapters/kms/signer.ts'
import { randomId } from '../domain/random-id.ts'
import { createRefresh } from '../domain/sessions/refresh.ts'
import { createAccessTokenIssuer } from '../domain/tokens/access-token.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { tokenEnv } from './env.ts'
import { createTokenHandler } from './handler.ts'

const env = readEnv(tokenEnv, process.env)
const clock = () => Date.now() / 1000
const table = createDynamoDb()
const sessions = createDynamoDbSessions(table, env.TABLE_NAME)
const kms = new KMSClient(clientConfig)

// Both connections are opened at load, where a function has a full CPU whatever its memory.
const openKms = kms.send(new GetPublicKeyCommand({ KeyId: env.SIGNING_KEY_ID })).catch(() => undefined)
const openTable = sessions.findSession('nobody', 'none').catch(() => undefined)
await Promise.all([openTable, openKms])

const rules = { issuer: env.ISSUER, audience: env.AUDIENCE, lifetime: env.ACCESS_TOKEN_LIFETIME }
const signer = createKmsSigner(kms, env.SIGNING_KEY_ID, env.SIGNING_KID)

export const handler = endpoint(
  createTokenHandler({
    refresh: createRefresh({
      sessions,
      users: createDynamoDbUsers(table, env.TABLE_NAME),
      issueAccessToken: createAccessTokenIssuer(rules, signer, () => Math.floor(clock()), randomId),
      clock,
      randomBytes,
      limits: { idle: env.SESSION_IDLE_LIMIT, absolute: env.SESSION_LIMIT },
      grace: env.REFRESH_GRACE,
      clients: env.CLIENTS,
      scopes: env.SCOPES,
    }),
    lifetime: env.ACCESS_TOKEN_LIFETIME,
  }),
)
