// Suites of random orders, with all of their runs.
import { random } from '../../support/random-runs.ts'

random.oneRunIn = 1
await import('./confirmations.test.ts')
await import('./devices.test.ts')
await import('../../login/ended-devices.test.ts')
