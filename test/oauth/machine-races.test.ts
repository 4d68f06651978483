import { afterAll, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { createSessionLookUp } from '../../functions/adapters/dynamodb/sessions/session-look-up.ts'
import { interruptAt } from '../factors/interrupted.ts'
import { createOAuthService, type OAuthService } from '../support/builders/oauth-service.ts'
import { failAt } from '../support/fakes/failing-client.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const isAlive = createSessionLookUp(table.client, table.name)

const aMachine = {
  ...{ grant_types: ['client_credentials'], redirect_uris: [], first_party: false },
  ...{ token_endpoint_auth_method: 'client_secret_basic', scope: 'orders:read' },
}

/** A machine; `isNew` says whether it has never asked for a token, so that its session has yet to begin. */
async function openScene(isNew: boolean) {
  const service = await createOAuthService(table)
  const { id, secret = '' } = await service.putClient(aMachine)
  const headers = { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` }
  const form = { grant_type: 'client_credentials' }
  const ask = async (view: OAuthService) => {
    const { status, text } = await view.call('POST /token', { form, headers })
    return { status, token: JSON.parse(text).access_token as string | undefined }
  }
  const revoke = (view: OAuthService, token: string) => view.call('POST /revoke', { form: { token }, headers })
  const former = isNew ? undefined : (await ask(service)).token
  return { service, id, ask, revoke, former }
}

type Scene = Awaited<ReturnType<typeof openScene>>
type End = (view: OAuthService, scene: Scene) => Promise<unknown>

const viewOf = ({ service }: Scene, client: typeof table.client) =>
  createOAuthService({ client, name: table.name }, { existing: service.account, clock: service.clock })

const ends: Readonly<Record<string, End>> = {
  'is deleted': (view, { id }) => view.deleteClient(id),
  'loses the grant': (view, { id }) => view.putClient({ ...aMachine, client_id: id, grant_types: [] }),
  'is registered again': async (view, { id }) => {
    await view.deleteClient(id)
    await view.putClient({ ...aMachine, client_id: id })
  },
}

const places = Object.keys(ends).flatMap((end) => [true, false].map((isNew) => [end, isNew] as const))

// REQ-151, REQ-190
test.each(places)('no token of a machine that %s meanwhile is good (its first token: %s)', async (end, isNew) => {
  let tried = 0
  for (let at = 0; at < 10; at += 1) {
    const scene = await openScene(isNew)
    const { client, calls } = interruptAt(table.client, at, async () => ends[end]?.(scene.service, scene))
    const { token } = await scene.ask(await viewOf(scene, client))
    if (calls.made <= at) break
    tried += 1
    for (const each of [token, scene.former])
      if (each !== undefined) expect([at, await isAlive(scene.id, String(decodeJwt(each)['sid']))]).toEqual([at, false])
  }

  expect(tried).toBe(isNew ? 4 : 2)
})

// REQ-190
test.each(Object.keys(ends))('nor one that it gets while the change is under way: it %s', async (end) => {
  for (const isNew of [true, false])
    for (let at = 0; at < 12; at += 1) {
      const scene = await openScene(isNew)
      const tokens: (string | undefined)[] = [scene.former]
      const { client, calls } = interruptAt(table.client, at, async () => {
        tokens.push((await scene.ask(scene.service)).token)
      })
      // It may have to be repeated, as another change at the same moment would have to.
      await ends[end]?.(await viewOf(scene, client), scene).catch(() => ends[end]?.(scene.service, scene))
      if (calls.made <= at) break
      for (const token of tokens.filter((each) => each !== undefined))
        expect([at, await isAlive(scene.id, String(decodeJwt(token)['sid']))]).toEqual([at, false])
    }
})

// REQ-190
test('a token that is revoked while another is asked for never comes back', async () => {
  for (let at = 0; at < 10; at += 1) {
    const scene = await openScene(false)
    const { former = '', service, id } = scene
    const { client, calls } = interruptAt(table.client, at, () => scene.revoke(service, former))
    const asked = await scene.ask(await viewOf(scene, client))
    if (calls.made <= at) break
    await scene.ask(service)

    expect([at, await isAlive(id, String(decodeJwt(former)['sid']))]).toEqual([at, false])
    expect([200, 400]).toContain(asked.status)
  }
})

// REQ-190
test('of many revocations at once one ends the session, and the next token is good', async () => {
  const scene = await openScene(false)
  const { former = '', service, id } = scene
  const [, ...others] = await Promise.all([
    scene.ask(service),
    ...Array.from({ length: 6 }, () => scene.revoke(service, former)),
  ])
  const next = (await scene.ask(service)).token ?? ''

  expect(others.map(({ status }) => status)).toEqual(Array(6).fill(200))
  expect(await isAlive(id, String(decodeJwt(former)['sid']))).toBe(false)
  expect(await isAlive(id, String(decodeJwt(next)['sid']))).toBe(true)
})

// REQ-131
test.each([
  ['of a call that was not made', false],
  ['of a call whose answer got lost', true],
])('a fault %s is 503, and the machine gets a token afterwards', async (_, isSent) => {
  const acts = {
    'the first token': (view: OAuthService, { ask }: Scene) => ask(view),
    'a revocation': (view: OAuthService, { revoke, former = '' }: Scene) => revoke(view, former),
  }
  for (const [name, act] of Object.entries(acts)) {
    const statuses: (number | undefined)[] = []
    for (let at = 0; at < 10; at += 1) {
      const scene = await openScene(name === 'the first token')
      const { client, calls } = failAt(table.client, at, isSent)
      const { status } = await act(await viewOf(scene, client), scene)
      if (calls.made <= at) break
      statuses.push(status)
      const { token = '' } = await scene.ask(scene.service)
      expect(await isAlive(scene.id, String(decodeJwt(token)['sid']))).toBe(true)
    }

    expect(statuses.length).toBeGreaterThan(1)
    expect([name, new Set(statuses)]).toEqual([name, new Set([503])])
  }
})
