import { afterAll, expect, test } from '@jest/globals'
import { createSessionLookUp } from '../../functions/adapters/dynamodb/sessions/session-look-up.ts'
import { createKeyOwner, exchange, requestsOf, sidOf } from '../support/builders/api-keys.ts'
import { createOAuthService, type OAuthService } from '../support/builders/oauth-service.ts'
import { failAt } from '../support/fakes/failing-client.ts'
import { openTable } from '../support/table.ts'
import { ends, nothingWorks, raceIntoAct, raceIntoEnd } from './pairs.ts'

const table = await openTable()
afterAll(table.close)

// A sample, late in each act; `npm run races` tries every pair at every call.
// REQ-151, REQ-166, REQ-190
test.each([
  ['the first exchange', 3],
  ['a later exchange', 2],
  ['the creation of a key', 6],
] as const)('nothing of it is left that was ended: %s', async (under, at) => {
  for (const end of Object.keys(ends)) {
    expect([end, await raceIntoAct(table, under, end, at)]).toEqual([end, nothingWorks])
    expect([end, await raceIntoEnd(table, under, end, 2)]).toEqual([end, nothingWorks])
  }
})

// REQ-151
test('of many revocations of a key at once, while it is used, one succeeds, and nothing of it is left', async () => {
  const service = await createOAuthService(table)
  const owner = await createKeyOwner(service)
  const { id, key } = (await owner.create()).json
  const isAlive = createSessionLookUp(table.client, table.name)
  const [revoked, used] = await Promise.all([
    Promise.all(Array.from({ length: 6 }, () => owner.revoke(id))),
    Promise.all(Array.from({ length: 6 }, () => exchange(service, key))),
  ])

  expect(revoked.map(({ status }) => status).toSorted()).toEqual([204, 404, 404, 404, 404, 404])
  for (const { json } of used)
    if (json.access_token) expect(await isAlive(service.account.sub, sidOf(json.access_token))).toBe(false)
  expect((await owner.list()).json).toEqual({ api_keys: [] })
})

// REQ-131
test.each([
  ['of a call that was not made', false],
  ['of a call whose answer got lost', true],
])('a fault %s is 503, and what was asked for can be asked for again', async (_, isSent) => {
  type Scene = { readonly token: string; readonly key: string; readonly id: string }
  const acts: Readonly<Record<string, (view: OAuthService, scene: Scene) => Promise<{ status: number | undefined }>>> =
    {
      'a list': (view, { token }) => requestsOf(view, token).list(),
      'a creation': (view, { token }) => requestsOf(view, token).create(),
      'a revocation': (view, { token, id }) => requestsOf(view, token).revoke(id),
      'an exchange': (view, { key }) => exchange(view, key),
    }
  for (const [name, act] of Object.entries(acts)) {
    const statuses: unknown[] = []
    for (let at = 0; at < 12; at += 1) {
      const service = await createOAuthService(table)
      const { token, create } = await createKeyOwner(service)
      const scene = { token, ...(await create()).json }
      const { client, calls } = failAt(table.client, at, isSent)
      const view = await createOAuthService({ ...table, client }, { existing: service.account, clock: service.clock })
      const { status } = await act(view, scene)
      if (calls.made <= at) break
      statuses.push(status)
      // A revocation that was done is told as one of an unknown key.
      expect([200, 201, 204, 404]).toContain((await act(service, scene)).status)
    }
    expect(statuses.length).toBeGreaterThan(2)
    expect([name, new Set(statuses)]).toEqual([name, new Set([503])])
  }
})
