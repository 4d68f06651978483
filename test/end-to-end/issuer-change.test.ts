import { expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { ensureReadyMadeUser } from '../../infra/command-line/ready-made-user.ts'
import { createDataFolder } from '../support/local-server.ts'
import { openService } from '../support/local-service.ts'

// Each deployment is a service of its own with another issuer on the same data.

type Tokens = { readonly access_token: string; readonly refresh_token: string }

async function deploy(data: string, settings: Readonly<Record<string, string>>) {
  const service = await openService({ data, settings: { authorizerCache: '0', ...settings } })
  const { url } = service
  const user = await ensureReadyMadeUser(data, service.invoke)
  const post = (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' }
    return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  }
  return {
    url,
    logIn: async () =>
      (await (await post('/login', { username: user.username, password: user.password })).json()) as Tokens,
    refresh: ({ refresh_token }: Tokens) => post('/token', { grant_type: 'refresh_token', refresh_token }),
    revoke: (token: string) => post('/revoke', { token }),
    statusFor: async ({ access_token }: Tokens) =>
      (await fetch(`${url}/me`, { headers: { authorization: `Bearer ${access_token}` } })).status,
    [Symbol.asyncDispose]: service[Symbol.asyncDispose],
  }
}

const issuerOf = ({ access_token }: Tokens) => decodeJwt(access_token).iss

// REQ-196
test('after a change of the issuer old access tokens are refused and end no session, and sessions continue', async () => {
  using data = createDataFolder()
  const before = await deploy(data.path, { issuer: 'https://old.example.com' })
  const old = await before.logIn()
  expect(await before.statusFor(old)).toBe(200)
  await before[Symbol.asyncDispose]()

  await using after = await deploy(data.path, { issuer: 'https://new.example.com' })
  const revoked = await after.revoke(old.access_token)
  const refreshed = await after.refresh(old)
  const fresh = (await refreshed.json()) as Tokens

  expect(await after.statusFor(old)).toBe(403)
  expect([revoked.status, refreshed.status]).toEqual([200, 200])
  expect([old, fresh].map(issuerOf)).toEqual(['https://old.example.com', 'https://new.example.com'])
  expect(await after.statusFor(fresh)).toBe(200)
  expect((await after.revoke(fresh.refresh_token)).status).toBe(200)
  expect((await after.refresh(fresh)).status).toBe(400)
})

// REQ-196
test('with the settings of a domain the issuer on localhost is the address of the server', async () => {
  using data = createDataFolder()
  await using server = await deploy(data.path, {
    domainName: 'auth.example.com',
    certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/abc',
    hostedZoneId: 'Z0123456789',
  })
  const tokens = await server.logIn()

  expect(issuerOf(tokens)).toBe(server.url)
  expect(await server.statusFor(tokens)).toBe(200)
})
