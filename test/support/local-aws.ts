import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { type AwsEndpointOptions, createAwsEndpoint } from '../../infra/local/aws/aws-endpoint.ts'
import { createMails } from '../../infra/local/aws/mails.ts'
import { account, region } from './local-lambda.ts'
import { tableShape } from './table-shape.ts'

export const table = { name: 'users', ...tableShape }
export const tableArn = `arn:aws:dynamodb:${region}:${account}:table/users`
export const key = { keyId: 'k1', arn: `arn:aws:kms:${region}:${account}:key/k1`, keySpec: 'RSA_2048' } as const
export const symmetricKey = {
  keyId: 's1',
  arn: `arn:aws:kms:${region}:${account}:key/s1`,
  keySpec: 'SYMMETRIC_DEFAULT',
} as const
export const identity = { name: 'example.com', arn: `arn:aws:ses:${region}:${account}:identity/example.com` }
export const configurationSet = 'mails'
export const configurationSetArn = `arn:aws:ses:${region}:${account}:configuration-set/${configurationSet}`
const secretAccessKey = 'secret'
const role = `arn:aws:sts::${account}:assumed-role/greeter-role/greeter`

export const newFolder = () => mkdtempSync(join(tmpdir(), 'data-'))

const everything = { Effect: 'Allow', Action: '*', Resource: '*' }

/**
 * A local account with the table, the keys, and one function's role that may do what the statements say. Its items are in
 * memory where no folder is named, from which another account could read them.
 */
export async function startAws(statements: readonly object[] = [], changes: Partial<AwsEndpointOptions> = {}) {
  const lines: string[] = []
  const data = changes.data ?? newFolder()
  const mails = createMails(data)
  const { url, answer, close } = await createAwsEndpoint({
    data,
    inMemory: changes.data === undefined,
    region,
    account,
    tables: [table],
    keys: [key, symmetricKey],
    identities: [identity],
    configurationSets: [configurationSet],
    mails,
    principals: [
      { accessKeyId: 'ASIAGREETER', secretAccessKey, arn: role, policies: [{ Statement: statements }] },
      {
        ...{ accessKeyId: 'AKIAOWNER', secretAccessKey },
        arn: `arn:aws:iam::${account}:root`,
        policies: [{ Statement: everything }],
      },
    ],
    invoke: async () => ({ payload: 'null' }),
    log: (source, line) => void lines.push(`${source}: ${line}`),
    ...changes,
  })
  return { url, answer, lines, mails, ...clientsOf(url), [Symbol.asyncDispose]: close }
}

/** The SDK's own clients: with the function's access key, its owner's, and one that nobody was given. */
function clientsOf(endpoint: string) {
  const configFor = (accessKeyId: string) => ({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  })
  const clientsFor = (accessKeyId: string) => ({
    dynamodb: new DynamoDBClient(configFor(accessKeyId)),
    kms: new KMSClient(configFor(accessKeyId)),
    lambda: new LambdaClient(configFor(accessKeyId)),
  })
  return { greeter: clientsFor('ASIAGREETER'), owner: clientsFor('AKIAOWNER'), stranger: clientsFor('AKIA') }
}
