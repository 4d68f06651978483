// test/oauth/faults.test.ts with a fault at every call.
import { sample } from './sample.ts'

sample.oneCallIn = 1
await import('./faults.test.ts')
