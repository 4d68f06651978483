// test/attacks/routes.test.ts with every hostile body at every route.
import { sample } from './sample.ts'

sample.oneBodyIn = 1
sample.randomBodies = 50
await import('./routes.test.ts')
