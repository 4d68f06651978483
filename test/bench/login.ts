import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createPasswordHasher } from '../../functions/domain/passwords/hashing/password-hasher.ts'
import { type Password, readPassword } from '../../functions/domain/passwords/password.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { httpEvent } from '../support/builders/events.ts'
import { createUsers } from '../support/builders/users.ts'
import { interleave, quietly, time } from './measure.ts'

export const password = readPassword('correct horse battery staple') as Password
const hasher = createPasswordHasher()

export type LocalAccount = { readonly env: Readonly<Record<string, string>>; readonly close: () => void }

/** DynamoDB and KMS in a process of their own, and the environment of a log-in function that uses them. */
export async function openLocalAccount(): Promise<LocalAccount> {
  const child = fork(join(import.meta.dirname, 'local-account.ts'), [mkdtempSync(join(tmpdir(), 'bench-'))])
  const [{ url, keyId }] = await once(child, 'message')
  const env = {
    AWS_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    TABLE_NAME: 'latchkey',
    SIGNING_KEY_ID: keyId,
    SIGNING_KID: 'bench',
    ISSUER: 'https://auth.example.com',
    AUDIENCE: 'https://api.example.com',
    CLIENTS: 'web',
    SCOPES: '-',
    ACCESS_TOKEN_LIFETIME: '900',
    CLAIMS_HOOK: '-',
    SESSION_IDLE_LIMIT: '2592000',
    SESSION_LIMIT: '7776000',
    SESSIONS_PER_USER: '50',
    ACCOUNT_FAILURES: '10',
    // Counted as in a deployment, and never full: all the log-ins of a bench come from one address.
    ADDRESS_FAILURES: '1000000',
    VIEWER_ADDRESS: '-',
    MIGRATE_FUNCTION: '-',
    MAIL_FUNCTION: '-',
  }
  return { env, close: () => child.disconnect() }
}

/** A client of the local account's DynamoDB. */
export function connect({ env }: Pick<LocalAccount, 'env'>): DynamoDBDocumentClient {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' }
  const endpoint = String(env['AWS_ENDPOINT_URL'])
  return DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region: 'eu-central-1', credentials }))
}

// Enough for all that is measured: someone who logs in a hundred times without a log-out is not the common case.
const users = 800

async function putUsers(env: LocalAccount['env']): Promise<string[]> {
  const client = connect({ env })
  const passwordHash = await hasher.hash(password)
  const names = Array.from({ length: users }, (_, index) => `user-${index}`)
  const { putNewUser } = createUsers(createStores(client, 'latchkey'))
  for (const username of names) {
    await putNewUser({ sub: username, username, passwordHash, scope: [], disabled: false, createdAt: 1, epoch: 0 })
  }
  client.destroy()
  return names
}

export type Login = { readonly logIn: () => Promise<void>; readonly hash: () => Promise<unknown> }

/** The log-in of the deployed bundle, a user for each, and the hash that it cannot do without. */
export async function openLogin(bundle: string, { env }: LocalAccount): Promise<Login> {
  Object.assign(process.env, env)
  const names = await putUsers(env)
  const { handler } = await import(bundle)
  const stored = await hasher.hash(password)
  return {
    logIn: async () => {
      const event = httpEvent('POST /login', { body: JSON.stringify({ username: names.pop(), password }) })
      const { statusCode, body } = await handler(event, {
        awsRequestId: 'bench',
        getRemainingTimeInMillis: () => 10_000,
      })
      if (statusCode !== 200) throw new Error(`A log-in was refused: ${body}`)
    },
    hash: () => hasher.verify(password, stored),
  }
}

/** Milliseconds of a log-in, of the same calls with the hash and no code of ours, and of the hash; of sixty in turn. */
export const measureLogin = ({ logIn, hash }: Login, bareLogIn: () => Promise<void>) =>
  quietly(() => interleave({ ours: () => time(logIn), bare: () => time(bareLogIn), hash: () => time(hash) }, 60))

/** So many log-ins that nobody measures. */
export const warmUp = ({ logIn }: Login, times: number): Promise<void> =>
  quietly(async () => {
    for (let index = 0; index < times; index += 1) await logIn()
  })
