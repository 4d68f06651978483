import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createDynamoDbMailCounts } from '../../../functions/adapters/dynamodb/throttling/mail-counts.ts'
import { createAdmitMail } from '../../../functions/domain/mail/limits.ts'
import type { MailKind } from '../../../functions/domain/mail/mail.ts'
import { countCalls } from '../../support/count-calls.ts'
import { stoppedClock } from '../../support/fakes/stopped-clock.ts'
import { openTable } from '../../support/table.ts'

const table = await openTable()
afterAll(table.close)
const counts = createDynamoDbMailCounts(table.client, table.name)
const [hour, day] = [3600, 86_400]
// The first second of a day.
const midnight = 20_834 * day

let made = 0

function setUp() {
  made += 1
  const clock = stoppedClock(midnight)
  const admit = createAdmitMail(counts, clock)
  const address = `ada-${made}@example.com`
  type Request = { readonly kind?: MailKind; readonly isTrusted?: boolean; readonly to?: string }
  const ask = (source: string | undefined, { kind = 'recoveryCode', isTrusted = false, to = address }: Request = {}) =>
    admit({ kind, address: to, source, isTrusted })
  const askOften = async (times: number, ...request: Parameters<typeof ask>) => {
    let admitted = 0
    for (let asked = 0; asked < times; asked += 1) if (await ask(...request)) admitted += 1
    return admitted
  }
  return { clock, admit, address, ask, askOften }
}

const sources = (count: number) => Array.from({ length: count }, (_, index) => `192.0.2.${index}`)

// REQ-105, REQ-164
describe('mails with codes', () => {
  test('are three an hour from one source to one address', async () => {
    const { clock, admit, askOften } = setUp()

    expect(await askOften(10, '192.0.2.1')).toBe(3)
    expect(await askOften(10, '192.0.2.2')).toBe(3)
    expect(
      await admit({ kind: 'recoveryCode', address: `eve-${made}@example.com`, source: '192.0.2.1', isTrusted: false }),
    ).toBe(true)
    clock.advance(hour)
    expect(await askOften(10, '192.0.2.1')).toBe(3)
  })

  test('are twenty a day to one address, of all kinds together', async () => {
    const { clock, askOften } = setUp()
    const kinds = ['recoveryCode', 'registrationCode', 'addressCode'] as const
    const admitted: number[] = []
    for (const [index, source] of sources(9).entries())
      admitted.push(await askOften(3, source, { kind: kinds[index % 3] ?? 'recoveryCode' }))

    expect(admitted).toEqual([3, 3, 3, 3, 3, 3, 2, 0, 0])
    clock.advance(day)
    expect(await askOften(10, '192.0.2.1')).toBe(3)
  })

  // Most mail services deliver ada+tag@ to ada@, and some of them a.d.a@ too.
  test.each([
    ['tags', (index: number) => `ada+${index}@`],
    ['dots', (index: number) => `${'a'.repeat(index)}.${'a'.repeat(30 - index)}@`],
    ['tags and dots', (index: number) => `e${'.v'.repeat(index % 2)}${'v'.repeat(1 - (index % 2))}e+a.${index}+b@`],
  ])('are no more to one mailbox by %s in its address', async (_, localPart) => {
    const { askOften, address } = setUp()
    const domain = `mailbox-${address.split('@').join('.')}`
    const admitted = { bySource: 0, byAddress: 0 }
    for (let index = 1; index < 29; index += 1) {
      const to = `${localPart(index)}${domain}`
      admitted.bySource += await askOften(1, '192.0.2.1', { to })
      admitted.byAddress += await askOften(1, `198.51.100.${index}`, { to })
    }

    expect(admitted).toEqual({ bySource: 3, byAddress: 17 })
  })

  test('are the same to others of one domain, and to an address of a tag only', async () => {
    const { ask } = setUp()
    const domain = `shared-${made}.example.com`
    const others = ['ada', 'adam', '+ada', '+eve', 'eve'].map((name) => `${name}@${domain}`)
    for (const source of sources(9)) await ask(source, { to: `bob@${domain}` })

    expect(await Promise.all(others.map((to) => ask('192.0.2.1', { to })))).toEqual(others.map(() => true))
  })

  test('leave the reserve to the owner of the very address', async () => {
    const { askOften, address } = setUp()
    const likeness = address.replace('@', '+eve@')
    for (const source of sources(9)) await askOften(3, source)

    expect(await askOften(9, undefined, { isTrusted: true, to: likeness })).toBe(5)
    expect(await askOften(9, undefined, { isTrusted: true })).toBe(5)
  })

  test('of which a source was refused do not use up the address', async () => {
    const { ask, askOften } = setUp()
    await askOften(30, '192.0.2.1')

    expect(await ask('192.0.2.2')).toBe(true)
  })

  test('are five a day more for requests from a known device and from administrators together', async () => {
    const { clock, askOften } = setUp()
    for (const source of sources(9)) await askOften(3, source)

    expect(await askOften(4, '192.0.2.1', { isTrusted: true })).toBe(4)
    expect(await askOften(4, undefined, { isTrusted: true })).toBe(1)
    clock.advance(day)
    expect(await askOften(40, undefined, { isTrusted: true })).toBe(25)
  })

  test('are five more from a known device beside a stranger of the same source too', async () => {
    const { askOften } = setUp()
    await askOften(30, '192.0.2.1')

    expect(await askOften(30, '192.0.2.1', { isTrusted: true })).toBe(5)
  })

  // REQ-134
  test('are as many however many are asked for at once', async () => {
    const { ask } = setUp()
    const admitted = await Promise.all(sources(50).map((source) => ask(source)))

    expect(admitted.filter(Boolean)).toHaveLength(20)
  })
})

// REQ-105
describe('mails with the code of an enrolment', () => {
  const kind = 'enrolmentCode'

  test('are counted apart, so that codes which strangers ask for keep no owner from a log-in', async () => {
    const { askOften } = setUp()
    for (const source of sources(9)) await askOften(3, source)

    expect(await askOften(9, '192.0.2.0', { kind })).toBe(3)
    for (const source of sources(9)) await askOften(3, source, { kind })
    expect(await askOften(9, '192.0.2.99', { kind })).toBe(0)
    expect(await askOften(9, undefined, { kind: 'factorAdded' })).toBe(9)
  })

  test('have no reserve, and leave that of a recovery to it', async () => {
    const { askOften } = setUp()
    const isTrusted = true

    expect(await askOften(9, '192.0.2.1', { kind, isTrusted })).toBe(3)
    expect(await askOften(30, '192.0.2.1', { isTrusted })).toBe(8)
  })
})

describe('notices', () => {
  test('are counted apart from codes, and those that strangers cause apart from all others', async () => {
    const { askOften } = setUp()
    for (const source of sources(9)) await askOften(3, source)
    for (const source of sources(9)) await askOften(3, source, { kind: 'addressInUse' })

    expect(await askOften(9, '192.0.2.99', { kind: 'addressInUse' })).toBe(0)
    expect(await askOften(9, undefined, { kind: 'wrongPasswords' })).toBe(0)
    expect(await askOften(9, '192.0.2.0', { kind: 'passwordChanged' })).toBe(9)
    expect(await askOften(30, undefined, { kind: 'factorRemoved' })).toBe(11)
  })

  // Where a mail service has no tags, they are those of someone else.
  test('are counted by the very address, so that nobody with an address like it suppresses them', async () => {
    const { askOften, address } = setUp()

    for (const to of [address.replace('@', '+eve@'), address.replace('a', 'a.')]) {
      expect(await askOften(30, '192.0.2.1', { kind: 'passwordChanged', to })).toBe(20)
    }
    expect(await askOften(1, '192.0.2.1', { kind: 'passwordChanged' })).toBe(1)
  })

  test('have no reserve', async () => {
    const { askOften } = setUp()

    expect(await askOften(9, '192.0.2.1', { kind: 'addressInUse', isTrusted: true })).toBe(3)
  })
})

test('a mail is counted by two writes, one that its source is refused for by one, and the reserve by one more', async () => {
  const { ask, askOften } = setUp()
  const calls = countCalls(table.client)
  const written = async (...request: Parameters<typeof ask>) => {
    const before = calls.length
    await ask(...request)
    return calls.slice(before)
  }

  expect(await written('192.0.2.1')).toEqual(['UpdateItem', 'UpdateItem'])
  await askOften(2, '192.0.2.1')
  expect(await written('192.0.2.1')).toEqual(['UpdateItem'])
  expect(await written('192.0.2.1', { isTrusted: true })).toEqual(['UpdateItem', 'UpdateItem'])
  expect(await written(undefined, { kind: 'passwordChanged' })).toEqual(['UpdateItem'])
})

test('an item names neither address nor source, and is deleted when its window is over', async () => {
  const { ask } = setUp()
  await ask('198.51.100.7')

  const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name }))
  const kept = Items.filter(({ pk }) => String(pk).startsWith('THROTTLE#MAIL#'))
  expect(kept.length).toBeGreaterThan(0)
  expect(JSON.stringify(kept)).not.toMatch(/198\.51\.100|example\.com/)
  for (const { ttl, sk } of kept) expect([2 * hour, 2 * day]).toContain(ttl - Number(String(sk).slice(7)))
})

// REQ-105. What it takes to keep an owner from a code who has neither a known device nor an administrator.
test.each([
  { addresses: 1, hoursWithoutDevice: 5, hoursWithDevice: 10 },
  { addresses: 7, hoursWithoutDevice: 0, hoursWithDevice: 5 },
])('beside a stranger who asks 20 times a day, the owner gets a code in so many of 24 hours: %j', async (figures) => {
  const hoursWithCode = async (isTrusted: boolean) => {
    const { clock, ask } = setUp()
    let [hours, left] = [0, 20]
    for (let passed = 0; passed < 24; passed += 1) {
      // As many as one source is allowed, at the start of each hour. The owner asks in the middle of it.
      for (const source of sources(figures.addresses))
        for (let asked = 0; asked < 3 && left > 0; asked += 1) {
          await ask(source)
          left -= 1
        }
      clock.advance(hour / 2)
      if (await ask('198.51.100.7', { isTrusted })) hours += 1
      clock.advance(hour / 2)
    }
    return hours
  }

  expect({
    addresses: figures.addresses,
    hoursWithoutDevice: await hoursWithCode(false),
    hoursWithDevice: await hoursWithCode(true),
  }).toEqual(figures)
})
