import { afterAll, expect, test } from '@jest/globals'
import { work } from '../../infra/command-line/cost/usage.ts'
import { createHolder } from '../support/builders/factor-holder.ts'
import { createFactorService } from '../support/builders/factor-service.ts'
import { countCalls } from '../support/count-calls.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const calls = countCalls(table.client)

/** The reads and writes of what is done. */
async function costOf(flow: () => Promise<unknown>) {
  const before = calls.length
  await flow()
  const made = calls.slice(before)
  const isRead = (call: string) => /^(GetItem|Query)/.test(call)
  return { reads: made.filter(isRead).length, writes: made.filter((call) => !isRead(call)).length }
}

test('a log-in with the code of an app costs two reads and four writes more than one by password, as the cost page says', async () => {
  const service = await createFactorService(table)
  const { enrolTotp, codeOf } = createHolder(service)
  const plain = await costOf(() => service.logIn())
  const { secret } = await enrolTotp()
  service.clock.advance(60)
  const withCode = await costOf(async () => {
    const { json } = await service.logIn()
    expect(await service.step(json['auth_session'], { totp: codeOf(secret) })).toMatchObject({ status: 200 })
  })

  expect({ reads: withCode.reads - plain.reads, writes: withCode.writes - plain.writes }).toEqual({
    reads: 2,
    writes: 4,
  })
  expect([work.totpReads, work.totpWrites]).toEqual([2, 4])
})

test('a log-in by passkey costs no more reads and writes than one by password', async () => {
  const service = await createFactorService(table)
  const { enrolPasskey, signIn } = createHolder(service)
  const plain = await costOf(() => service.logIn())
  const { passkey } = await enrolPasskey()
  const byPasskey = await costOf(() => signIn(passkey))

  expect(byPasskey.reads).toBeLessThanOrEqual(plain.reads)
  // The challenge, its count and its end, the passkey's use, and the session.
  expect(byPasskey.writes).toBe(5)
})
