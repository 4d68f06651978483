import { randomBytes } from 'node:crypto'
import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createDynamoDbCodes } from '../../../functions/adapters/dynamodb/codes.ts'
import { createCodes } from '../../../functions/domain/codes/codes.ts'
import { describeCodeStore } from '../../support/contracts/code-store-contract.ts'
import { countCalls } from '../../support/count-calls.ts'
import { createMemoryStores } from '../../support/fakes/memory-stores.ts'
import { stoppedClock } from '../../support/fakes/stopped-clock.ts'
import { openTable } from '../../support/table.ts'

const table = await openTable()
afterAll(table.close)
const store = createDynamoDbCodes(table.client, table.name)

describeCodeStore('dynamodb', () => store)
describeCodeStore('memory', () => createMemoryStores().codes)

const binding = { sub: 'subject-of-ada', epoch: 0, address: 'ada@example.com' }

function setUp() {
  const clock = stoppedClock()
  return { clock, codes: createCodes({ store, randomBytes, clock }) }
}

const allItems = async () => (await table.client.send(new ScanCommand({ TableName: table.name }))).Items ?? []

// REQ-162
test('an item holds neither ticket nor code nor the key of codes, and has a TTL', async () => {
  const { codes, clock } = setUp()
  const { ticket, handle } = await codes.open('recover', { identifier: 'ada@example.com' })
  const code = await codes.renewCode('recover', handle, binding)

  const item = (await allItems()).find(({ pk }) => pk === `CODE#recover#${handle.id}`)
  expect(item).toEqual({
    ...{ pk: `CODE#recover#${handle.id}`, sk: 'CODE', wrongTries: 0, ttl: clock() + 600 },
    ...{ payload: { identifier: 'ada@example.com' }, binding, codeHash: expect.stringMatching(/^[\w-]{43}$/) },
  })
  const kept = JSON.stringify(item)
  for (const secret of [ticket, handle.codeKey, code ?? '']) expect(kept).not.toContain(secret)
})

// REQ-163
test('every failure makes one call of the same kind, and so does a right code', async () => {
  const { codes, clock } = setUp()
  const open = () => codes.open('recover', { identifier: 'ada@example.com' })
  const [right, unsent, exhausted, expired] = [await open(), await open(), await open(), await open()]
  const code = await codes.renewCode('recover', right.handle, binding)
  await codes.renewCode('recover', exhausted.handle, binding)
  for (let tries = 0; tries < 5; tries += 1) await codes.tryCode('recover', exhausted.ticket, 'wrong')
  const cases: readonly (readonly [string, string, number])[] = [
    [right.ticket, code ?? '', 0],
    [right.ticket, '00000000', 0],
    [right.ticket, 'no code', 0],
    [right.ticket, '', 0],
    [unsent.ticket, '12345678', 0],
    [exhausted.ticket, '12345678', 0],
    ['unknown', '12345678', 0],
    ['', '', 0],
    [expired.ticket, '12345678', 600],
  ]
  const calls = countCalls(table.client)

  const oks: boolean[] = []
  for (const [ticket, typed, seconds] of cases) {
    clock.advance(seconds)
    oks.push((await codes.tryCode('recover', ticket, typed)).ok)
  }
  expect(oks).toEqual(cases.map((_, index) => index === 0))
  expect(calls).toEqual(cases.map(() => 'UpdateItem'))
})

describe('an item that lacks a field is a fault', () => {
  const payload = { identifier: 'hunter2' }
  test.each<readonly [string, object]>([
    ['its payload', { wrongTries: 0, ttl: 2_000_000_000 }],
    ['its tries', { payload, ttl: 2_000_000_000 }],
    ['its end', { payload, wrongTries: 0 }],
    ['its binding', { payload, wrongTries: 0, ttl: 2_000_000_000, codeHash: 'hash' }],
  ])('%s', async (lacking, rest) => {
    const Item = { pk: `CODE#recover#${lacking}`, sk: 'CODE', ...rest }
    await table.client.send(new PutCommand({ TableName: table.name, Item }))
    const key = { purpose: 'recover', id: lacking } as const

    for (const read of [store.findCode(key, 1_800_000_000), store.tryCode(key, 'hash', 1_800_000_000, 5)]) {
      const fault = await read.catch((error: Error) => error)
      expect(fault).toBeInstanceOf(TypeError)
      expect(String(fault)).toContain('A code')
      expect(String(fault)).not.toContain('hunter2')
    }
  })
})
