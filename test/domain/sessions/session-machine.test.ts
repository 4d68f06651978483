import { afterAll, describe, test } from '@jest/globals'
import fc from 'fast-check'
import { createStores } from '../../../functions/wiring/stores.ts'
import { createService, type Service } from '../../support/builders/service.ts'
import { aUser, createUsers } from '../../support/builders/users.ts'
import { expectNothingElseWorks, type Model, names, rules, steps } from '../../support/contracts/session-model.ts'
import { createMemoryStores, type MemoryStores } from '../../support/fakes/memory-stores.ts'
import { numRuns } from '../../support/random-runs.ts'
import { openTable } from '../../support/table.ts'

const table = await openTable()
afterAll(table.close)
let made = 0

// Who signs does not matter here, and thousands of signatures take their time.
const sign = async () => new Uint8Array(256)

async function run(stores: MemoryStores, commands: Iterable<fc.AsyncCommand<Model, Service>>) {
  made += 1
  const users = createUsers(stores)
  for (const username of names) await users.deleteUser(username)
  for (const username of names)
    await users.putNewUser(aUser({ username, sub: `${username}-${made}`, scope: ['a', 'b'] }))
  const service = createService({ ...rules, stores, sign })
  const model: Model = { now: service.clock(), chains: [], disabled: new Set() }
  await fc.asyncModelRun(() => ({ model, real: service }), commands)
  await expectNothingElseWorks(model, service)
}

// Any order of log-ins, refreshes with any token ever given out, retries, time, log-outs and admin commands: what works
// is what the rules say, nothing that was ended works again, and there is one living token for each session.
describe('sessions do what the rules say, in any order of events', () => {
  test('in memory, very often', async () => {
    const property = fc.asyncProperty(steps, (commands) => run(createMemoryStores(), commands))

    await fc.assert(property, { numRuns: numRuns(300) })
  })

  test('in DynamoDB', async () => {
    const stores = createStores(table.client, table.name)
    const property = fc.asyncProperty(steps, (commands) => run(stores, commands))

    await fc.assert(property, { numRuns: numRuns(15) })
  })
})
