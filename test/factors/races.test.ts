import { afterAll, expect, test } from '@jest/globals'
import { createHolder } from '../support/builders/factor-holder.ts'
import { createFactorService, type FactorService, viewFactorService } from '../support/builders/factor-service.ts'
import { openTable } from '../support/table.ts'
import { interruptOnce } from './interrupted.ts'
import { ends, race, underWay } from './pairs.ts'

const table = await openTable()
afterAll(table.close)

// A sample, before the last write of each; `npm run races` tries every pair at every call.
test.each(Object.keys(ends))('nothing that was under way is left after: %s', async (end) => {
  for (const [under, at] of [
    ['the code of an app', 3],
    ['another app', 5],
    ['a passkey alone', 4],
  ] as const) {
    const left = await race(table, underWay[under] as never, ends[end] as never, at)

    expect([under, left]).toEqual([under, expect.objectContaining({ alive: 0, exists: end !== 'delete' })])
    expect(left?.hasRecoveryCodes).toBe((left?.factors ?? 0) > 0)
    if (end === 'reset-factors') expect(left?.factors).toBe(0)
    if (end === 'delete') expect(left?.secrets).toEqual([])
  }
})

// REQ-169, REQ-175
test.each(['required', 'optional'] as const)(
  'of two enrolments at once that have proved the password only, one is made (%s)',
  async (policy) => {
    const service = await createFactorService(table, { policy })
    const { codeOf } = createHolder(service)
    const begin = async ({ call, logIn }: FactorService) => {
      const { auth_session, access_token } = (await logIn()).json
      const by = access_token === undefined ? { body: { auth_session } } : { body: {}, token: String(access_token) }
      const { secret } = (await call('POST /factors/totp', by.body, by.token)).json
      return (view: FactorService) =>
        view.call('POST /factors/totp/confirm', { ...by.body, code: codeOf(String(secret)) }, by.token)
    }
    const [mine, theirs] = [await begin(service), await begin(service)]
    const isTransaction = (command: object) => command.constructor.name === 'TransactWriteCommand'
    const client = interruptOnce(table.client, isTransaction, () => theirs(service))
    const view = viewFactorService({ client, name: table.name }, service.account, { policy, clock: service.clock })

    expect(await mine(view)).toMatchObject({ status: 503 })
    expect((await mine(service)).status).toBe(policy === 'required' ? 400 : 401)
    const { factors } = await service.factors.findCredentials(service.account.sub)
    expect([factors.version, factors.recoveryCodes.length]).toEqual([1, 10])
  },
)
