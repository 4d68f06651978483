import { rm } from 'node:fs/promises'
import { afterAll, expect, test } from '@jest/globals'
import { exportJWK, generateKeyPair } from 'jose'
import * as oidc from 'openid-client'
import { ClientCredentials } from 'simple-oauth2'
import { newFolder } from '../support/local-aws.ts'
import { openService } from '../support/local-service.ts'

const data = newFolder()
const settings = { scopes: 'orders:read orders:write', revocation: 'immediate', authorizerCache: '0' }
const service = await openService({ data, settings })
afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await rm(data, { recursive: true, force: true })
})

const machine = (client_id: string, more: object = {}) => ({
  ...{ client_id, grant_types: ['client_credentials'], scope: 'orders:read' },
  ...more,
})

async function put(client: object): Promise<string> {
  const put = await service.admin({ command: 'put-client', client })
  if (!put.ok) throw new Error(put.error_description)
  return put.result.client_secret
}

const insecure = { execute: [oidc.allowInsecureRequests] }

const me = async (token: unknown) => {
  const response = await fetch(`${service.url}/me`, { headers: { authorization: `Bearer ${token}` } })
  return { status: response.status, json: await response.json() }
}

const isMachine = (client_id: string) => ({
  status: 200,
  json: { sub: client_id, client_id, scope: 'orders:read' },
})

// REQ-192
test('simple-oauth2 gets a token and revokes it', async () => {
  const secret = await put(machine('by-simple-oauth2'))
  const client = new ClientCredentials({
    client: { id: 'by-simple-oauth2', secret },
    auth: { tokenHost: service.url, tokenPath: '/token', revokePath: '/revoke' },
  })
  const token = await client.getToken({ scope: 'orders:read' })

  expect(token.expired(60)).toBe(false)
  expect(await me(token.token['access_token'])).toEqual(isMachine('by-simple-oauth2'))
  await token.revoke('access_token')
  expect(await me(token.token['access_token'])).toMatchObject({ status: 403 })
  expect(await me((await client.getToken({})).token['access_token'])).toEqual(isMachine('by-simple-oauth2'))
})

// REQ-191
test('openid-client finds the metadata, and gets tokens by secret and by key', async () => {
  const secret = await put(machine('by-secret', { token_endpoint_auth_method: 'client_secret_post' }))
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one' }] }
  await put(machine('by-key', { token_endpoint_auth_method: 'private_key_jwt', jwks }))
  const ways = {
    'by-secret': oidc.ClientSecretPost(secret),
    'by-key': oidc.PrivateKeyJwt({ key: privateKey, kid: 'one' }),
  }

  for (const [id, way] of Object.entries(ways)) {
    const config = await oidc.discovery(new URL(service.url), id, undefined, way, insecure)
    const { access_token } = await oidc.clientCredentialsGrant(config, { scope: 'orders:read' })
    expect(await me(access_token)).toEqual(isMachine(id))
    await oidc.tokenRevocation(config, access_token)
    expect(await me(access_token)).toMatchObject({ status: 403 })
  }
})

// REQ-190
test('with immediate revocation its tokens end with the client', async () => {
  const secret = await put(machine('short-lived'))
  const config = await oidc.discovery(
    ...([new URL(service.url), 'short-lived', undefined, oidc.ClientSecretBasic(secret), insecure] as const),
  )
  const { access_token } = await oidc.clientCredentialsGrant(config)
  expect(await me(access_token)).toEqual(isMachine('short-lived'))
  await service.admin({ command: 'delete-client', client_id: 'short-lived' })

  expect(await me(access_token)).toMatchObject({ status: 403 })
  await expect(oidc.clientCredentialsGrant(config)).rejects.toMatchObject({ status: 401 })
})
