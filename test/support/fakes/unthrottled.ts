import type { AuthSessionStore } from '../../../functions/domain/sign-in/auth-session.ts'
import type { DeviceStore } from '../../../functions/domain/throttling/known-devices.ts'
import { type AttemptStore, createThrottle } from '../../../functions/domain/throttling/throttle.ts'

const unused = async () => {
  throw new Error('Nothing is counted or kept in this test.')
}

/** A store of attempts that nobody may use. */
export const uncounted: AttemptStore = { countOnAccount: unused, countOnAddress: unused, clearAccount: unused }

/** A store of known devices that nobody may use. */
export const noDevices: DeviceStore = {
  ...{ putNewDevice: unused, countOnDevice: unused, findDevice: unused },
  ...{ clearDevice: unused, deleteOldDevice: unused },
}

/** A store of auth sessions that nobody may use. */
export const noAuthSessions: AuthSessionStore = {
  ...{ putNewAuthSession: unused, findAuthSession: unused, countTry: unused },
  ...{ setChallenge: unused, setProved: unused, deleteAuthSession: unused },
}

/** The throttle with both limits off, for tests of what comes after it. */
export const unthrottled = createThrottle(uncounted, { accountFailures: 0, addressFailures: 0 }, () => 0)
