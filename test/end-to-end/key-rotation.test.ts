import { expect, test } from '@jest/globals'
import { decodeProtectedHeader } from 'jose'
import { ensureReadyMadeUser } from '../../infra/command-line/ready-made-user.ts'
import { createDataFolder } from '../support/local-server.ts'
import { openService } from '../support/local-service.ts'

// Each step is a deployment of its own: a service with other settings on the same data.

type Tokens = { readonly access_token: string; readonly refresh_token: string }

/** The stack as it stands after a deployment with these settings. The issuer is fixed, or a port's change would be one. */
async function deploy(data: string, settings: Readonly<Record<string, string>>) {
  const service = await openService({
    data,
    settings: { issuer: 'https://auth.example.com', authorizerCache: '0', ...settings },
  })
  const { url } = service
  const user = await ensureReadyMadeUser(data, service.invoke)
  const post = async (path: string, body: object): Promise<Tokens> => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    expect(response.status).toBe(200)
    return (await response.json()) as Tokens
  }
  return {
    logIn: () => post('/login', { username: user.username, password: user.password }),
    refresh: ({ refresh_token }: Tokens) => post('/token', { grant_type: 'refresh_token', refresh_token }),
    /** What a protected route answers to each token, asked one after another: each at once would start two functions. */
    statuses: async (...tokens: readonly Tokens[]) => {
      const statuses = []
      for (const { access_token } of tokens) {
        const headers = { authorization: `Bearer ${access_token}` }
        statuses.push((await fetch(`${url}/me`, { headers })).status)
      }
      return statuses
    },
    publishedKids: async () => {
      const { keys } = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as {
        keys: { kid: string }[]
      }
      return keys.map(({ kid }) => kid)
    },
    [Symbol.asyncDispose]: service[Symbol.asyncDispose],
  }
}

const kidOf = ({ access_token }: Tokens) => decodeProtectedHeader(access_token).kid

// REQ-115, REQ-116, REQ-143
test('a key is published, signs and retires, and at no step is a good token refused or a log-in turned away', async () => {
  using data = createDataFolder()
  const tokens: Tokens[] = []
  {
    await using before = await deploy(data.path, { generations: '1' })
    tokens.push(await before.logIn())
    expect(await before.statuses(...tokens)).toEqual([200])
  }
  {
    await using published = await deploy(data.path, { generations: '1 2' })
    tokens.push(await published.logIn())
    expect(await published.statuses(...tokens)).toEqual([200, 200])
    expect(await published.publishedKids()).toHaveLength(2)
    expect(tokens.map(kidOf)).toEqual([kidOf(tokens[0] as Tokens), kidOf(tokens[0] as Tokens)])
  }
  {
    await using signing = await deploy(data.path, { generations: '1 2', signingGeneration: '2' })
    tokens.push(await signing.logIn(), await signing.refresh(tokens[0] as Tokens))
    expect(await signing.statuses(...tokens)).toEqual([200, 200, 200, 200])
    expect(await signing.publishedKids()).toEqual([kidOf(tokens[0] as Tokens), kidOf(tokens[2] as Tokens)])
    expect(kidOf(tokens[3] as Tokens)).toBe(kidOf(tokens[2] as Tokens))
  }
  await using retired = await deploy(data.path, { generations: '2' })
  tokens.push(await retired.logIn(), await retired.refresh(tokens[3] as Tokens))
  // The first two are of the retired key; by the time of this step they would have expired.
  expect(await retired.statuses(...tokens)).toEqual([403, 403, 200, 200, 200, 200])
  expect(await retired.publishedKids()).toEqual([kidOf(tokens[2] as Tokens)])
})

// REQ-116
test('after the emergency no old token passes, log-in works, and sessions go on with the new key', async () => {
  using data = createDataFolder()
  const before = await deploy(data.path, { generations: 'leaked' })
  const old = await before.logIn()
  await before[Symbol.asyncDispose]()

  await using after = await deploy(data.path, { generations: 'fresh' })
  const fresh = [await after.logIn(), await after.refresh(old)]
  expect(await after.statuses(old, ...fresh)).toEqual([403, 200, 200])
  expect(await after.publishedKids()).toEqual([kidOf(fresh[0] as Tokens)])
})
