import { createThrottle } from '../../../functions/domain/throttling/throttle.ts'

const unused = async () => {
  throw new Error('Nothing is counted while both limits are 0.')
}

/** The throttle with both limits off, for tests of what comes after it. */
export const unthrottled = createThrottle(
  { countOnAccount: unused, countOnAddress: unused, clearAccount: unused },
  { accountFailures: 0, addressFailures: 0 },
  () => 0,
)
