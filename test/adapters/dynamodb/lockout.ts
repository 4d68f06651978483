import { randomBytes } from 'node:crypto'
import { createKnownDevices, hashOfDevice } from '../../../functions/domain/throttling/known-devices.ts'
import { createThrottle } from '../../../functions/domain/throttling/throttle.ts'
import { createStores } from '../../../functions/wiring/stores.ts'
import type { TestTable } from '../../support/table.ts'

const [hour, day] = [3600, 86_400]
const ada = { identifier: 'ada' }

/** What becomes of an account whose log-in a stranger tries for so many days as soon as Retry-After allows. */
export async function lockOut({ client, name }: TestTable, days: number) {
  const { attempts, devices } = createStores(client, name)
  const start = 1_800_000_000
  let now = start
  const clock = () => now
  const throttle = createThrottle(attempts, { accountFailures: 10, addressFailures: 1000 }, clock)
  const knownDevices = createKnownDevices({ devices, randomBytes, clock })
  const token = await knownDevices.add('subject-of-ada', 0)
  let [requests, secondsOpen, byDevice] = [0, 0, 0]
  let nextByDevice = start + hour

  while (now - start < days * day) {
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

  return {
    requestsPerDay: Math.round(requests / days),
    lockedFor: `${(100 * (1 - secondsOpen / (days * day))).toFixed(2)} %`,
    byDevicePerDay: Math.floor(byDevice / days),
  }
}
