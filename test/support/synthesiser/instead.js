// node --import test/support/synthesiser/instead.js …: where a command of this run of the tests would load CDK in a process
// of its own, that process asks the synthesiser of the run instead.
import { join } from 'node:path'

const program = join(import.meta.dirname, '../../../infra/synthesis/synthesise.ts')
if (process.env.SYNTHESISER !== undefined && process.argv[1] === program) {
  await import('./assemble.ts')
  process.exit()
}
