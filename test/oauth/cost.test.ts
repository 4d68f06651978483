import { afterAll, expect, test } from '@jest/globals'
import { work } from '../../infra/command-line/cost/usage.ts'
import { openBrowser, redeem, responseIn, signInTo } from '../support/builders/oauth-browser.ts'
import { createOAuthService } from '../support/builders/oauth-service.ts'
import { createTestKey } from '../support/builders/signing-key.ts'
import { countCalls } from '../support/count-calls.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const calls = countCalls(table.client)
const { signer } = await createTestKey()

/** The reads, writes and signatures of what is done. */
async function costOf(flow: () => Promise<unknown>, signatures: readonly unknown[]) {
  const before = [calls.length, signatures.length] as const
  await flow()
  const made = calls.slice(before[0])
  const isRead = (call: string) => /^(GetItem|Query)/.test(call)
  const reads = made.filter(isRead).length
  return { reads, writes: made.length - reads, signatures: signatures.length - before[1] }
}

// The budget.
test('a code flow costs at most nine reads, eight writes and two signatures, its page included', async () => {
  const signatures: unknown[] = []
  const sign = async (input: Uint8Array) => {
    signatures.push(input)
    return signer.sign(input)
  }
  const service = await createOAuthService(table, { sign })
  const client = await service.putClient()
  const browser = openBrowser(service)
  const cost = await costOf(async () => {
    const { verifier, page } = await browser.authorize(client)
    const { code = '' } = responseIn(await browser.signIn(page))
    expect(await redeem(service, client, { code, code_verifier: verifier })).toMatchObject({ status: 200 })
  }, signatures)
  const again = await costOf(async () => {
    const { page } = await browser.authorize(client)
    expect(responseIn(page)).toMatchObject({ code: expect.any(String) })
  }, signatures)

  expect(cost.reads).toBeLessThanOrEqual(9)
  expect(cost.writes).toBeLessThanOrEqual(8)
  expect(cost.signatures).toBe(2)
  // What `npm run cost` assumes.
  const { loginReads, signInReads, loginWrites, signInWrites } = work
  expect([loginReads + signInReads, loginWrites + signInWrites]).toEqual([cost.reads, cost.writes])
  // Signed in already: client, SSO session, epoch and account, and the code.
  expect(again).toEqual({ reads: 4, writes: 1, signatures: 0 })
})

test('the exchange of a code reads once more for a client of somebody else', async () => {
  const exchange = async (first_party: boolean) => {
    const service = await createOAuthService(table)
    const client = await service.putClient({ first_party })
    const { browser } = await signInTo(service, client)
    const { verifier, page } = await browser.authorize(client)
    const { code = '' } = responseIn(page)
    return costOf(() => redeem(service, client, { code, code_verifier: verifier }), [])
  }
  const [ofOwner, ofOther] = [await exchange(true), await exchange(false)]

  expect(ofOther).toEqual({ ...ofOwner, reads: ofOwner.reads + 1 })
})
