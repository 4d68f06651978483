import { randomBytes } from 'node:crypto'
import { afterAll, expect, test } from '@jest/globals'
import { createKnownDevices, hashOfDevice } from '../../../functions/domain/throttling/known-devices.ts'
import { createThrottle } from '../../../functions/domain/throttling/throttle.ts'
import { createStores } from '../../../functions/wiring/stores.ts'
import { openTable } from '../../support/table.ts'

const table = await openTable()
afterAll(table.close)
const { attempts, devices } = createStores(table.client, table.name)
const [hour, day] = [3600, 86_400]
const ada = { identifier: 'ada' }

// REQ-156. docs/passwords.md states these figures.
test('a stranger who tries again as soon as Retry-After allows keeps a log-in locked, but not from a known device', async () => {
  const start = 1_800_000_000
  let now = start
  const clock = () => now
  const throttle = createThrottle(attempts, { accountFailures: 10, addressFailures: 1000 }, clock)
  const knownDevices = createKnownDevices({ devices, randomBytes, clock })
  const token = await knownDevices.add('subject-of-ada', 0)
  let [requests, secondsOpen, byDevice] = [0, 0, 0]
  let nextByDevice = start + hour

  while (now - start < 30 * day) {
    const { ok, ...attempt } = await throttle.reserveOnAccount(ada)
    requests += 1
    // One second late: in that second the owner could log in without the device.
    if (!ok && 'failure' in attempt) {
      now += attempt.failure.retryAfter + 1
      secondsOpen += 1
    }
    for (; nextByDevice <= now; nextByDevice += hour) {
      if ((await knownDevices.reserve(token, 'subject-of-ada')) === 0) byDevice += 1
      await knownDevices.clear(hashOfDevice(token), 'subject-of-ada', false)
    }
  }

  expect({
    requestsPerDay: Math.round(requests / 30),
    lockedFor: `${(100 * (1 - secondsOpen / (30 * day))).toFixed(2)} %`,
    byDevicePerDay: Math.floor(byDevice / 30),
  }).toEqual({ requestsPerDay: 67, lockedFor: '99.97 %', byDevicePerDay: 24 })
})
