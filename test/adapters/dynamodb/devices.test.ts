import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createDynamoDbDevices, deviceKey } from '../../../functions/adapters/dynamodb/throttling/devices.ts'
import { scheduleStore } from '../../support/fakes/scheduled-store.ts'
import { numRuns } from '../../support/random-runs.ts'
import { openTable } from '../../support/table.ts'

const table = await openTable()
afterAll(table.close)
const atRest = createDynamoDbDevices(table.client, table.name)
const [now, max, later] = [1_800_000_000, 10, 1_900_000_000]
const epoch = 3
let made = 0

/** A device with so many failures. */
async function deviceWith(failures: number, expiresAt = later) {
  made += 1
  const device = { hash: `hash-${made}`, sub: `subject-${made}` }
  await atRest.putNewDevice({ ...device, epoch }, expiresAt)
  for (let counted = 0; counted < failures; counted += 1) await atRest.countOnDevice(device, now, max)
  return device
}

/** The same store, whose calls to DynamoDB arrive and are answered in the order that fast-check chooses. */
function racing(scheduler: fc.Scheduler) {
  const { send } = scheduleStore({ send: table.client.send.bind(table.client) }, scheduler, [].values())
  return createDynamoDbDevices({ send } as unknown as DynamoDBDocumentClient, table.name)
}

// REQ-134, REQ-156
describe('in every order of a right password and of wrong ones beside it', () => {
  test.each([8, 9, 10])('a device with %d failures whose count was cleared is still known', (failures) =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 3 }), async (scheduler, guesses) => {
        const device = await deviceWith(failures)
        const devices = racing(scheduler)
        const counting = Array.from({ length: guesses }, () => devices.countOnDevice(device, now, max))
        const [isCleared] = await scheduler.waitFor(
          Promise.all([devices.clearDevice(device, undefined), Promise.all(counting)]),
        )

        // At most three wrong ones have been counted since it was cleared.
        if (isCleared) expect(await atRest.countOnDevice(device, now, max)).toBe(epoch)
      }),
      { numRuns: numRuns(60) },
    ),
  )

  test('a device that is remembered again as it expires is known by the time that was promised', () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const device = await deviceWith(0, now - 1)
        const devices = racing(scheduler)
        const [isCleared] = await scheduler.waitFor(
          Promise.all([devices.clearDevice(device, later), devices.countOnDevice(device, now, max)]),
        )

        if (isCleared) expect(await atRest.countOnDevice(device, now, max)).toBe(epoch)
      }),
      { numRuns: numRuns(30) },
    ))
})

test('of a hundred attempts at once ten are counted, and the device is gone', async () => {
  const device = await deviceWith(0)
  const counted = await Promise.all(Array.from({ length: 100 }, () => atRest.countOnDevice(device, now, max)))

  expect(counted.filter((each) => each === epoch)).toHaveLength(max)
  expect(await atRest.clearDevice(device, undefined)).toBe(false)
})

// REQ-156
test.each([
  ['stays in its own epoch', epoch, epoch],
  ['stays where a reader knows an older epoch', epoch - 1, epoch],
  ['is gone in a later epoch', epoch + 1, undefined],
])('a device %s', async (_, current, expected) => {
  const device = await deviceWith(0)
  await atRest.deleteOldDevice({ ...device, sub: 'someone else' }, epoch + 1)
  await atRest.deleteOldDevice(device, current)

  expect(await atRest.countOnDevice(device, now, max)).toBe(expected)
})

test('a device without its epoch is an error, not a known device', async () => {
  const device = await deviceWith(0)
  const Item = { ...deviceKey(device.hash), sub: device.sub, failures: 0, ttl: later }
  await table.client.send(new PutCommand({ TableName: table.name, Item }))

  await expect(atRest.countOnDevice(device, now, max)).rejects.toThrow(TypeError)
})
