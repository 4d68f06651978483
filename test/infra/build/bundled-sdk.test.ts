import { execFile } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { ensureBundled } from '../../../infra/build/ensure-bundled.ts'

type Call = {
  readonly target: string
  readonly sessionToken: string
  readonly accessKeyId: string
  readonly genuine: boolean
}

const sha256 = (value: string) => createHash('sha256').update(value).digest('hex')
const hmac = (key: string | Buffer, value: string) => createHmac('sha256', key).update(value).digest()

/** Signature Version 4 of AWS, computed anew from what arrived. */
function readCall({ method, url, headers }: IncomingMessage, body: string, secret: string): Call {
  const [, id = '', scope = '', names = '', signature] =
    headers.authorization?.match(/Credential=([^/]+)\/([^,]+), SignedHeaders=([^,]+), Signature=(.+)/) ?? []
  const signed = names.split(';').map((name) => `${name}:${headers[name]}`)
  const request = [method, url, '', ...signed, '', names, sha256(body)].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(request)].join('\n')
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secret}`)
  return {
    target: `${headers['x-amz-target']}`,
    sessionToken: `${headers['x-amz-security-token']}`,
    accessKeyId: id,
    genuine: hmac(key, toSign).toString('hex') === signature,
  }
}

await ensureBundled()

/** Loads the log-in bundle, which opens its connections, against an AWS that answers nothing of use. */
async function loadLogin(env: NodeJS.ProcessEnv, secret: string) {
  const calls: Call[] = []
  const aws = createServer(async (request, response) => {
    calls.push(readCall(request, await text(request), secret))
    response.setHeader('content-type', 'application/x-amz-json-1.0').end('{}')
  }).listen(0, '127.0.0.1')
  await once(aws, 'listening')
  const script = `await import(${JSON.stringify(join(import.meta.dirname, '../../../dist/login/index.mjs'))})
    console.log(JSON.stringify(process.moduleLoadList.filter((name) => name.includes('undici'))))`
  const AWS_ENDPOINT_URL = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`
  const options = ['--input-type=module', '--eval', script]
  const { stdout } = await promisify(execFile)(process.execPath, options, { env: { ...env, AWS_ENDPOINT_URL } })
  aws.close()
  return { calls, undici: JSON.parse(stdout) }
}

test("the SDK in a bundle signs with the role's credentials and never loads undici", async () => {
  const env = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'ASIAROLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'session',
    TABLE_NAME: 'table',
    SIGNING_KEY_ID: 'key',
    SIGNING_KID: 'kid',
    ISSUER: 'https://auth.example.com',
    AUDIENCE: 'https://auth.example.com',
    CLIENTS: 'web',
    SCOPES: '-',
    ACCESS_TOKEN_LIFETIME: '900',
    CLAIMS_HOOK: '-',
    ACCOUNT_FAILURES: '10',
    ADDRESS_FAILURES: '100',
    VIEWER_ADDRESS: '-',
    MIGRATE_FUNCTION: '-',
    SECOND_FACTOR: 'off',
    FACTOR_KEY_ID: '-',
    MAIL_FUNCTION: '-',
    SESSION_IDLE_LIMIT: '60',
    SESSION_LIMIT: '60',
    SESSIONS_PER_USER: '1',
  }
  const { calls, undici } = await loadLogin(env, env.AWS_SECRET_ACCESS_KEY)
  const signed = { accessKeyId: 'ASIAROLE', sessionToken: 'session', genuine: true }

  expect(calls.sort((a, b) => a.target.localeCompare(b.target))).toEqual([
    { target: 'DynamoDB_20120810.UpdateItem', ...signed },
    { target: 'TrentService.GetPublicKey', ...signed },
  ])
  expect(undici).toEqual([])
})
