import { afterAll, describe, test } from '@jest/globals'
import fc from 'fast-check'
import { createDynamoDbSessions } from '../../../functions/adapters/dynamodb/sessions.ts'
import { createDynamoDbUsers } from '../../../functions/adapters/dynamodb/users.ts'
import type { UserStore } from '../../../functions/domain/accounts/account.ts'
import type { SessionStore } from '../../../functions/domain/sessions/session.ts'
import { createService, type Service } from '../../support/builders/service.ts'
import { expectNothingElseWorks, type Model, names, rules, steps } from '../../support/contracts/session-model.ts'
import { aUser } from '../../support/contracts/user-store-contract.ts'
import { createMemorySessions } from '../../support/fakes/memory-sessions.ts'
import { createMemoryUsers } from '../../support/fakes/memory-users.ts'
import { openTable } from '../../support/table.ts'

const table = await openTable()
afterAll(table.close)
let made = 0

// Who signs does not matter here, and thousands of signatures take their time.
const sign = async () => new Uint8Array(256)

async function run(users: UserStore, sessions: SessionStore, commands: Iterable<fc.AsyncCommand<Model, Service>>) {
  made += 1
  for (const username of names) await users.deleteUser(username)
  for (const username of names)
    await users.putNewUser(aUser({ username, sub: `${username}-${made}`, scope: ['a', 'b'] }))
  const service = createService({ ...rules, users, sessions, sign })
  const model: Model = { now: service.clock(), chains: [], disabled: new Set() }
  await fc.asyncModelRun(() => ({ model, real: service }), commands)
  await expectNothingElseWorks(model, service)
}

// Any order of log-ins, refreshes with any token ever given out, retries, time, log-outs and admin commands: what works
// is what the rules say, nothing that was ended works again, and there is one living token for each session.
describe('sessions do what the rules say, in any order of events', () => {
  test('in memory, very often', async () => {
    const property = fc.asyncProperty(steps, (commands) => run(createMemoryUsers(), createMemorySessions(), commands))

    await fc.assert(property, { numRuns: 300 })
  }, 60_000)

  test('in DynamoDB', async () => {
    const users = createDynamoDbUsers(table.client, table.name)
    const sessions = createDynamoDbSessions(table.client, table.name)
    const property = fc.asyncProperty(steps, (commands) => run(users, sessions, commands))

    await fc.assert(property, { numRuns: 15 })
  }, 60_000)
})
