import { afterAll, describe, expect, test } from '@jest/globals'
import { isSampled } from '../oauth/sample.ts'
import { createAuthenticator } from '../support/authenticator.ts'
import { createHolder } from '../support/builders/factor-holder.ts'
import {
  createFactorService,
  type FactorService,
  origin,
  viewFactorService,
} from '../support/builders/factor-service.ts'
import { failAt } from '../support/fakes/failing-client.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

async function openScene() {
  const service = await createFactorService(table)
  const holder = createHolder(service)
  const { passkey, id, token } = await holder.enrolPasskey()
  const { json } = await service.call('POST /login/passkey', {})
  const alone = { auth_session: json['auth_session'], credential: passkey.get(json['options'] as never) }
  const another = createAuthenticator('ES256', { origin })
  const { json: begun } = await service.call('POST /factors/passkeys', undefined, token)
  const credential = another.create(begun['options'] as never)
  return { ...{ service, holder, passkey, id, token, alone }, enrolment: { credential } }
}

type Scene = Awaited<ReturnType<typeof openScene>>

const acts: Readonly<
  Record<string, (view: FactorService, scene: Scene) => Promise<{ readonly status: number | undefined }>>
> = {
  'the challenge of a log-in': ({ call }) => call('POST /login/passkey', {}),
  'a log-in by passkey': ({ call }, { alone }) => call('POST /login/passkey', alone),
  'the options of an enrolment': ({ call }, { token }) => call('POST /factors/passkeys', undefined, token),
  'an enrolment': ({ call }, { enrolment, token }) => call('POST /factors/passkeys/confirm', enrolment, token),
  'a removal': ({ call }, { id, token }) => call('DELETE /factors/passkeys/{id}', undefined, token, id),
}

// REQ-131, REQ-169
describe.each(Object.keys(acts))('a fault of DynamoDB during %s', (name) => {
  test.each([
    ['of a call that was not made', false],
    ['of a call whose answer got lost', true],
  ])('%s is 503, and what there is afterwards works', async (_, isSent) => {
    const statuses: (number | undefined)[] = []
    for (let at = 0; at < 30; at += 1) {
      if (!isSampled(at, isSent)) continue
      const scene = await openScene()
      const { service, holder, passkey } = scene
      const { client, calls } = failAt(table.client, at, isSent)
      const view = viewFactorService({ client, name: table.name }, service.account, { clock: service.clock })
      const { status } = (await acts[name]?.(view, scene)) ?? { status: undefined }
      if (calls.made <= at) break
      statuses.push(status)
      const { factors } = await service.factors.findCredentials(service.account.sub)
      // A log-in asks for a factor exactly where there is one.
      expect((await service.logIn()).status).toBe(factors.passkeys.length > 0 ? 403 : 200)
      const isThere = factors.passkeys.some(({ id }) => id === scene.id)
      expect((await holder.signIn(passkey)).status).toBe(isThere ? 200 : 400)
    }

    expect(statuses.length).toBeGreaterThan(0)
    expect(new Set(statuses)).toEqual(new Set([503]))
  })
})
