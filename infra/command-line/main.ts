import { runLatchkey } from './latchkey.ts'

process.exitCode = await runLatchkey(process.argv.slice(2), process)
