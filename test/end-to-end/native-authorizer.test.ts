import { afterAll, expect, test } from '@jest/globals'
import { createDataFolder, startServer } from '../support/local-server.ts'

// The start synthesises the stack and makes a key, which a busy machine takes its time for.

const data = createDataFolder()
const server = await startServer(data.path, ['-c', 'authorizer=native'])

afterAll(async () => {
  await server.stop()
  data[Symbol.dispose]()
})

async function logIn(): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${server.url}/login`, { method: 'POST', headers, body: JSON.stringify(server.user) })
  return ((await response.json()) as { access_token: string }).access_token
}

async function getMe(headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${server.url}/me`, { headers })
  return [response.status, await response.json(), response.headers.get('www-authenticate')]
}

// REQ-62
test("our tokens are taken by API Gateway's own authorizer, which finds the keys by discovery", async () => {
  expect(await getMe({ authorization: `Bearer ${await logIn()}` })).toEqual([
    200,
    { sub: expect.stringMatching(/^[\w-]{22}$/), client_id: 'web', scope: '' },
    null,
  ])
})

test('its refusals are 401 and say why', async () => {
  const tampered = (await logIn()).replace(/.{10}$/, 'AAAAAAAAAA')
  const unauthorized = { message: 'Unauthorized' }

  expect(await getMe()).toEqual([401, unauthorized, 'Bearer'])
  expect(await getMe({ authorization: `Bearer ${tampered}` })).toEqual([
    401,
    unauthorized,
    'Bearer scope="" error="invalid_token" error_description="the token is not valid"',
  ])
})

test('the routes of log-in keep the Lambda authorizer, whose answers differ', async () => {
  const headers = { authorization: 'Bearer a.b.c' }
  const response = await fetch(`${server.url}/sessions`, { headers })

  expect([response.status, await response.json()]).toEqual([403, { message: 'Forbidden' }])
})
