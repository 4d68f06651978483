import { afterAll, expect, test } from '@jest/globals'
import { openTable } from '../../support/table.ts'
import { lockOut } from './lockout.ts'

const table = await openTable()
afterAll(table.close)

// REQ-156. The first tries come faster, and the last pause ends after the last day; `npm run races` has the thirty days of docs/passwords.md.
test('a stranger who tries again as soon as Retry-After allows keeps a log-in locked, but not from a known device', async () => {
  expect(await lockOut(table, 6)).toEqual({ requestsPerDay: 76, lockedFor: '99.96 %', byDevicePerDay: 27 })
})
