import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createDynamoDbUsers } from '../../functions/adapters/dynamodb-users.ts'
import { type Password, readPassword } from '../../functions/domain/password.ts'
import { createPasswordHasher } from '../../functions/domain/password-hash.ts'
import { httpEvent } from '../support/events.ts'
import { interleave, time } from './measure.ts'

const password = readPassword('correct horse battery staple') as Password
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
    SESSION_IDLE_LIMIT: '2592000',
    SESSION_LIMIT: '7776000',
    SESSIONS_PER_USER: '50',
    ACCOUNT_FAILURES: '10',
    // Counted as in a deployment, and never full: all the log-ins of a bench come from one address.
    ADDRESS_FAILURES: '1000000',
  }
  return { env, close: () => child.disconnect() }
}

const rounds = 60

// A user for each log-in: someone who logs in a hundred times without a log-out is not the common case.
async function putUsers(env: LocalAccount['env']): Promise<readonly string[]> {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' }
  const client = new DynamoDBClient({ endpoint: String(env['AWS_ENDPOINT_URL']), region: 'eu-central-1', credentials })
  const passwordHash = await hasher.hash(password)
  const names = Array.from({ length: 2 * rounds }, (_, index) => `user-${index}`)
  const { putNewUser } = createDynamoDbUsers(DynamoDBDocumentClient.from(client), 'latchkey')
  for (const username of names) {
    await putNewUser({ sub: username, username, passwordHash, scope: [], disabled: false, createdAt: 1, epoch: 0 })
  }
  return names
}

/** Milliseconds of a whole log-in in the deployed bundle against the hash that it cannot do without, and the CPU beside it. */
export async function measureLogin(bundle: string, { env }: LocalAccount) {
  Object.assign(process.env, env)
  const names = [...(await putUsers(env))]
  const { handler } = await import(bundle)
  const stored = await hasher.hash(password)
  const write = process.stdout.write
  process.stdout.write = () => true
  try {
    const logIn = async () => {
      const event = httpEvent('POST /login', { body: JSON.stringify({ username: names.pop(), password }) })
      const { statusCode, body } = await handler(event, {
        awsRequestId: 'bench',
        getRemainingTimeInMillis: () => 10_000,
      })
      if (statusCode !== 200) throw new Error(`A log-in was refused: ${body}`)
    }
    const hash = () => hasher.verify(password, stored)
    const elapsed = await interleave({ login: () => time(logIn), hash: () => time(hash) }, rounds)
    const cpu = await interleave({ login: () => cpuTime(logIn), hash: () => cpuTime(hash) }, rounds)
    return { ...elapsed, cpuBesideHash: cpu.login - cpu.hash }
  } finally {
    process.stdout.write = write
  }
}

async function cpuTime(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
