import type { DeviceStore } from '../../../functions/domain/throttling/known-devices.ts'
import { type AttemptStore, createThrottle } from '../../../functions/domain/throttling/throttle.ts'

const unused = async () => {
  throw new Error('Nothing is counted in this test.')
}

/** A store of attempts that nobody may use. */
export const uncounted: AttemptStore = { countOnAccount: unused, countOnAddress: unused, clearAccount: unused }

/** A store of known devices that nobody may use. */
export const noDevices: DeviceStore = {
  ...{ putNewDevice: unused, countOnDevice: unused, findDevice: unused },
  ...{ clearDevice: unused, deleteOldDevice: unused },
}

/** The throttle with both limits off, for tests of what comes after it. */
export const unthrottled = createThrottle(uncounted, { accountFailures: 0, addressFailures: 0 }, () => 0)
