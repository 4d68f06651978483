import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { createDataFolder } from '../support/local-server.ts'
import { openService } from '../support/local-service.ts'

const program = join(import.meta.dirname, '../support/synthesise-owners-functions.ts')
const claims = 'arn:aws:lambda:us-east-1:000000000000:function:tokenClaims'
const data = createDataFolder()
const settings = { claims, scopes: 'orders:read orders:write', claimsAtRefresh: 'true' }
const service = await openService({ data: data.path, settings, program })
const { url, admin, lines, invoke } = service
afterAll(async () => {
  await service[Symbol.asyncDispose]()
  data[Symbol.dispose]()
})

const password = 'correct horse battery staple'

async function post(path: string, body: Readonly<Record<string, string>>) {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, json: JSON.parse(await response.text()) }
}

async function create(username: string) {
  // Its start may take longer than it has, on a machine that is busy.
  await invoke('tokenClaims', JSON.stringify({ userName: 'unchanged' }))
  await admin({ command: 'create-user', username, password, scope: 'orders:read orders:write' })
}

async function logIn(username: string) {
  await create(username)
  return post('/login', { username, password })
}

test("a log-in and a refresh have the owner's claims, as a trigger of Cognito gives them", async () => {
  await create('ada')
  await admin({ command: 'set-groups', username: 'ada', groups: 'editors' })
  const { json } = await post('/login', { username: 'ada', password })
  await admin({ command: 'set-groups', username: 'ada', groups: 'support' })
  const renewed = await post('/token', { grant_type: 'refresh_token', refresh_token: json.refresh_token })

  expect(decodeJwt(json.access_token)).toMatchObject({
    ...{ tenant: 't-ada', source: 'TokenGeneration_Authentication', version: '2' },
    ...{ groups: ['editors'], groups_told: ['editors'], scope: 'orders:read orders:write' },
  })
  expect(decodeJwt(renewed.json.access_token)).toMatchObject({
    ...{ tenant: 't-ada', source: 'TokenGeneration_RefreshTokens', groups: ['support'], groups_told: ['support'] },
  })
  expect(decodeJwt(json.access_token)).not.toHaveProperty('family_name')
  const me = await fetch(`${url}/me`, { headers: { authorization: `Bearer ${renewed.json.access_token}` } })
  expect(me.status).toBe(200)
})

test('a hook may leave a token as it is, or with less scope', async () => {
  const unchanged = await logIn('unchanged')
  const narrow = await logIn('narrow')

  expect(decodeJwt(unchanged.json.access_token)).not.toHaveProperty('tenant')
  expect(narrow.json.scope).toBe('orders:read')
  expect(decodeJwt(narrow.json.access_token)).toMatchObject({ tenant: 't-narrow', scope: 'orders:read' })
})

// REQ-122, REQ-131
test.each([
  ['slow', 'claims_unavailable'],
  ['throws', 'claims_function_error'],
  ['crash', 'claims_function_error'],
  ['nonsense', 'claims_malformed_response'],
  ['nothing', 'claims_malformed_response'],
  ['reserved', 'claims_reserved_claim'],
  ['admin', 'claims_reserved_claim'],
  ['large', 'claims_too_large'],
  ['wider', 'claims_scope_added'],
])('a hook that fails lets nobody in, and leaves nothing: %s', async (wish, cause) => {
  lines.length = 0
  const { status, headers, json } = await logIn(wish)
  const said = lines.filter((line) => line.startsWith('login: '))

  expect([status, json.error, headers.get('retry-after')]).toEqual([503, 'temporarily_unavailable', '1'])
  expect(Object.keys(json)).toEqual(['error', 'error_description'])
  expect(said.map((line) => JSON.parse(line.slice('login: '.length)))).toMatchObject([
    { event: 'sys_crash', reason: 'Unavailable', cause, status: 503 },
  ])
  expect(said.join()).not.toMatch(/somebody-else|xxxx|No claims for/)
})
