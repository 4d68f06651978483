// Suites of random runs, with all of them.
import { random } from './random-runs.ts'

random.oneRunIn = 1
await import('../adapters/dynamodb/confirmations.test.ts')
await import('../adapters/dynamodb/devices.test.ts')
await import('../login/ended-devices.test.ts')
await import('../domain/passwords/hashing/imported-hashes.test.ts')
await import('../domain/sessions/session-machine.test.ts')
