import { afterAll, expect, test } from '@jest/globals'
import { openBrowser } from '../support/builders/oauth-browser.ts'
import { createOAuthService } from '../support/builders/oauth-service.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

// REQ-20, REQ-21, REQ-27
test('guesses on the page and at /login count together, also many at once, in flows of their own', async () => {
  const service = await createOAuthService(table)
  const client = await service.putClient()
  const { username, password } = service
  const guess = async (typed: string) => {
    const browser = openBrowser(service)
    return browser.signIn((await browser.authorize(client)).page, username, typed)
  }

  const guesses = await Promise.all(Array.from({ length: 30 }, (_, index) => guess(`wrong password ${index}`)))

  const statuses = guesses.map(({ status }) => status)
  expect(statuses.filter((status) => status === 400).length).toBeLessThanOrEqual(10)
  expect(new Set(statuses)).toEqual(new Set([400, 429]))
  const right = await guess(password)
  expect(right).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } })
  expect(await service.call('POST /login', { json: { username, password } })).toMatchObject({ status: 429 })
})
