// Suites of faults and of ends in the midst, at every call.
import { sample } from './sample.ts'

sample.oneCallIn = 1
await import('./faults.test.ts')
await import('../account/forms.test.ts')
await import('../factors/faults.test.ts')
await import('../factors/faults-on-pages.test.ts')
