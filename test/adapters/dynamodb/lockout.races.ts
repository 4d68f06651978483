import { afterAll, expect, test } from '@jest/globals'
import { openTable } from '../../support/table.ts'
import { lockOut } from './lockout.ts'

const table = await openTable()
afterAll(table.close)

// REQ-156. docs/passwords.md states these figures.
test('a stranger who keeps a log-in locked for thirty days needs as many requests as the documents say', async () => {
  expect(await lockOut(table, 30)).toEqual({ requestsPerDay: 67, lockedFor: '99.97 %', byDevicePerDay: 24 })
})
