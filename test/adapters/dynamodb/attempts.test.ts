import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createDynamoDbAttempts } from '../../../functions/adapters/dynamodb/throttling/attempts.ts'
import { pausesFrom } from '../../../functions/domain/throttling/throttle.ts'
import { openTable } from '../../support/table.ts'

const table = await openTable()
afterAll(table.close)
const attempts = createDynamoDbAttempts(table.client, table.name)
const pauses = pausesFrom(10)
const now = 1_800_000_000
const day = 86_400
let names = 0

const newName = () => {
  names += 1
  return `name-${names}`
}

/** Counts an attempt: undefined where it was admitted, else the time until which none is. */
async function countOnAccount(...attempt: Parameters<typeof attempts.countOnAccount>): Promise<number | undefined> {
  const outcome = await attempts.countOnAccount(...attempt)
  return outcome.ok ? undefined : outcome.failure.until
}

/** Fails as often as told, each time as soon as an attempt is let in, and tells how long each wait was. */
async function failInARow(name: string, times: number) {
  const waits: number[] = []
  let time = now
  while (waits.length < times) {
    const until = await countOnAccount({ identifier: name }, time, pauses)
    waits.push(until === undefined ? 0 : until - time)
    if (until !== undefined) {
      time = until
      expect(await countOnAccount({ identifier: name }, time, pauses)).toBeUndefined()
    }
  }
  return { waits, time }
}

describe('the failures of an account', () => {
  // REQ-20
  test('are free up to the limit, then each is followed by a pause that grows to 26 minutes', async () => {
    const { waits } = await failInARow(newName(), 50)
    const growing = Array.from({ length: 40 }, (_, index) => 30 + 40 * index)

    expect(waits).toEqual([...Array(10).fill(0), ...growing])
    expect(growing.at(-1)).toBe(1590)
  })

  // REQ-20, REQ-25
  test('are at most fifty in a row; a day later the count starts again', async () => {
    const name = newName()
    const { time } = await failInARow(name, 50)

    expect(await countOnAccount({ identifier: name }, time, pauses)).toBe(time + day)
    expect(await countOnAccount({ identifier: name }, time + day - 1, pauses)).toBe(time + day)
    expect(await countOnAccount({ identifier: name }, time + day, pauses)).toBeUndefined()
    for (let failure = 2; failure <= 10; failure += 1) {
      expect(await countOnAccount({ identifier: name }, time + day, pauses)).toBeUndefined()
    }
    expect(await countOnAccount({ identifier: name }, time + day, pauses)).toBe(time + day + 30)
  })

  test('are told with each attempt that is admitted, and start again with one after the long rest', async () => {
    const identifier = newName()
    const counts = []
    const count = (at: number) => attempts.countOnAccount({ identifier }, at, pauses)
    for (let failure = 1; failure <= 11; failure += 1) counts.push(await count(now))
    const { time } = await failInARow(identifier, 39)
    const fiftieth = (await countOnAccount({ identifier }, time, pauses)) ?? time

    expect(counts).toMatchObject([
      ...Array.from({ length: 10 }, (_, index) => ({ ok: true, value: { failures: index + 1 } })),
      { ok: false, failure: { until: now + 30 } },
    ])
    expect(await count(fiftieth)).toMatchObject({ ok: true, value: { failures: 50 } })
    expect(await count(fiftieth + day)).toMatchObject({ ok: true, value: { failures: 1 } })
  })

  test('let one attempt in after the long rest, however many come at once', async () => {
    const name = newName()
    const { time } = await failInARow(name, 50)
    const strict = { ...pauses, first: 30 }
    const all = await Promise.all(
      Array.from({ length: 20 }, () => countOnAccount({ identifier: name }, time + day, strict)),
    )

    expect(all.filter((until) => until === undefined)).toHaveLength(1)
  })

  // REQ-21, REQ-134
  test.each([1, 3, 10])('let %d of 200 in that come at once', async (limit) => {
    const name = newName()
    const all = await Promise.all(
      Array.from({ length: 200 }, () => countOnAccount({ identifier: name }, now, pausesFrom(limit))),
    )

    expect(all.filter((until) => until === undefined)).toHaveLength(limit)
    expect(new Set(all)).toEqual(new Set([undefined, now + 30]))
  })

  test('let one of 50 in when a pause ends', async () => {
    const name = newName()
    await failInARow(name, 10)
    const all = await Promise.all(
      Array.from({ length: 50 }, () => countOnAccount({ identifier: name }, now + 30, pauses)),
    )

    expect(all.filter((until) => until === undefined)).toHaveLength(1)
    expect(all.find((until) => until !== undefined)).toBe(now + 30 + 70)
  })

  // REQ-25
  test('are not added to by attempts that a pause refused', async () => {
    const name = newName()
    await failInARow(name, 10)
    for (let second = 0; second < 30; second += 5) {
      expect(await countOnAccount({ identifier: name }, now + second, pauses)).toBe(now + 30)
    }
    expect(await countOnAccount({ identifier: name }, now + 30, pauses)).toBeUndefined()
  })

  // REQ-26
  test('are forgotten when they are cleared, and only that account is', async () => {
    const [name, other] = [newName(), newName()]
    await failInARow(name, 10)
    await failInARow(other, 10)
    await attempts.clearAccount({ identifier: name })

    expect(await countOnAccount({ identifier: name }, now, pauses)).toBeUndefined()
    expect(await countOnAccount({ identifier: other }, now, pauses)).toBe(now + 30)
  })

  test('can be cleared between any two writes, and an attempt still gets an answer', async () => {
    const name = newName()
    await failInARow(name, 10)
    const all = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        index % 3 === 0
          ? attempts.clearAccount({ identifier: name })
          : countOnAccount({ identifier: name }, now, pauses),
      ),
    )

    expect(all.every((until) => until === undefined || until >= now - 330)).toBe(true)
  })

  // REQ-124: what nobody is called may be a password in the wrong field.
  test('lie under a hash of the name, with an end that lets DynamoDB tidy up', async () => {
    await countOnAccount({ identifier: 'hunter2' }, now, pauses)
    const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name }))

    expect(JSON.stringify(Items)).not.toContain('hunter2')
    expect(Items.every(({ ttl }) => ttl > now + day)).toBe(true)
  })
})

test('the failures of a subject are counted apart from those of an identifier that reads the same', async () => {
  const name = newName()
  await failInARow(name, 10)

  expect(await countOnAccount({ sub: name }, now, pauses)).toBeUndefined()
  await attempts.clearAccount({ sub: name })
  expect(await countOnAccount({ identifier: name }, now, pauses)).toBe(now + 30)
})

describe('the attempts of an address', () => {
  // REQ-28
  test('are as many as the limit in a window, however many come at once', async () => {
    const all = await Promise.all(Array.from({ length: 60 }, () => attempts.countOnAddress('203.0.113.1', now, 25)))

    expect(all.filter(Boolean)).toHaveLength(25)
  })

  test('are counted by address and window', async () => {
    expect(await attempts.countOnAddress('203.0.113.2', now, 1)).toBe(true)
    expect(await attempts.countOnAddress('203.0.113.2', now, 1)).toBe(false)
    expect(await attempts.countOnAddress('203.0.113.3', now, 1)).toBe(true)
    expect(await attempts.countOnAddress('203.0.113.2', now + 900, 1)).toBe(true)
  })
})
