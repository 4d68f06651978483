// The log-in that most projects have: middy, Powertools, zod, the SDK's document client and KMS, jose.

import { randomUUID, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Logger } from '@aws-lambda-powertools/logger'
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient, SignCommand } from '@aws-sdk/client-kms'
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import middy from '@middy/core'
import { base64url } from 'jose'
import { z } from 'zod'

const { TABLE_NAME: TableName, SIGNING_KEY_ID: KeyId } = process.env
const logger = new Logger({ serviceName: 'login' })
const metrics = new Metrics({ namespace: 'bench', serviceName: 'login' })
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}))
const kms = new KMSClient({})
const credentials = z.object({ username: z.string().min(1), password: z.string().min(1) })

const encode = (value) => base64url.encode(JSON.stringify(value))

export const handler = middy()
  .use(injectLambdaContext(logger))
  .handler(async (event) => {
    const { username, password } = credentials.parse(JSON.parse(event.body))
    const { Item } = await table.send(new GetCommand({ TableName, Key: { pk: `USER#${username}`, sk: 'USER' } }))
    const hash = await promisify(scrypt)(password, Item.salt, 64)
    if (!timingSafeEqual(hash, Item.hash)) return { statusCode: 401 }
    const now = Math.floor(Date.now() / 1000)
    const input = `${encode({ alg: 'RS256' })}.${encode({ sub: username, iat: now, exp: now + 900, jti: randomUUID() })}`
    const { Signature } = await kms.send(
      new SignCommand({ KeyId, Message: Buffer.from(input), SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' }),
    )
    metrics.addMetric('log-in', MetricUnit.Count, 1)
    return { statusCode: 200, body: JSON.stringify({ access_token: `${input}.${base64url.encode(Signature)}` }) }
  })
