import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readVerdict, triggerEvent } from '../../functions/migrate/trigger.ts'

// The example of docs/migration.md, against a server that answers as Amazon Cognito documents it.

const folder = mkdtempSync(join(tmpdir(), 'latchkey-cognito-'))
const page = readFileSync(join(import.meta.dirname, '../../docs/migration.md'), 'utf8')
const [, example = ''] = /```js\n([\s\S]+?)```/.exec(page) ?? []
const right = 'the password of the user pool'

type Body = {
  readonly AuthParameters?: { readonly USERNAME: string; readonly PASSWORD: string }
  readonly AccessToken?: string
}

function answer(operation: string | undefined, { AuthParameters, AccessToken }: Body): readonly [number, object] {
  if (operation === 'GetUser' && AccessToken === 'a token') {
    return [200, { Username: '0b9e', UserAttributes: [{ Name: 'email', Value: 'Kim@Example.com' }] }]
  }
  const { USERNAME, PASSWORD } = AuthParameters ?? {}
  if (USERNAME === 'busy@example.com') return [400, { __type: 'TooManyRequestsException' }]
  if (USERNAME === 'mfa@example.com') return [200, { ChallengeName: 'SOFTWARE_TOKEN_MFA', Session: 's' }]
  if (USERNAME !== 'kim@example.com') return [400, { __type: 'UserNotFoundException' }]
  if (PASSWORD !== right) return [400, { __type: 'NotAuthorizedException' }]
  return [200, { AuthenticationResult: { AccessToken: 'a token' } }]
}

const cognito = createServer(async (request, response) => {
  const operation = /^AWSCognitoIdentityProviderService\.(\w+)$/.exec(`${request.headers['x-amz-target']}`)?.[1]
  const [status, body] = answer(operation, JSON.parse(await text(request)))
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
})

beforeAll(async () => {
  writeFileSync(join(folder, 'index.mjs'), example)
  await new Promise<void>((resolve) => cognito.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  cognito.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What the example says of somebody, or the name and message of what it throws. */
async function ask(username: string, password: string, url?: string) {
  const { port } = cognito.address() as { port: number }
  const event = triggerEvent({ username, password, clientId: 'web' }, 'eu-central-1')
  const script = `
    const { handler } = await import(${JSON.stringify(join(folder, 'index.mjs'))})
    const said = await handler(${JSON.stringify(event)}).catch(({ name, message }) => ({ name, message }))
    console.log(JSON.stringify(said))`
  const env = { ...process.env, CLIENT_ID: 'client', COGNITO: url ?? `http://127.0.0.1:${port}/` }
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { env })
  return JSON.parse(stdout)
}

test('confirms whom the user pool lets in', async () => {
  expect(readVerdict(await ask('kim@example.com', right), 'kim@example.com')).toBe('confirmed')
})

test.each([
  ['a wrong password', 'kim@example.com', `${right}.`, { name: 'Error', message: 'NotAuthorizedException' }],
  ['an unknown name', 'eve@example.com', right, { name: 'Error', message: 'UserNotFoundException' }],
  ['a second factor', 'mfa@example.com', right, { name: 'Error', message: 'More than a password is needed.' }],
  ['a limit', 'busy@example.com', right, { name: 'Unavailable', message: 'TooManyRequestsException' }],
])('confirms nobody where the user pool answers with %s', async (_, username, password, thrown) => {
  expect(await ask(username, password)).toEqual(thrown)
})

test('says that it cannot tell where the user pool does not answer', async () => {
  expect(await ask('kim@example.com', right, 'http://127.0.0.1:1/')).toMatchObject({ name: 'Unavailable' })
})
