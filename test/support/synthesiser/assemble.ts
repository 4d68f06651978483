// What infra/synthesis/synthesise.ts does, by the synthesiser of this run of the tests.
import { askSynthesiser, synthesiser } from './ask.ts'

const [outdir = '', context = '{}'] = process.argv.slice(2)
await askSynthesiser(synthesiser() ?? '', { context: JSON.parse(context), outdir, target: 'localhost' }).catch(
  (error: Error) => {
    process.stderr.write(error.message)
    process.exitCode = 1
  },
)
