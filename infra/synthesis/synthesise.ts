// node infra/synthesis/synthesise.ts FOLDER CONTEXT: writes what CDK makes of the context, as JSON, into the folder.

import { runProgram } from '../command-line/run-program.ts'
import { createApp } from '../create-app.ts'

await runProgram(async ([folder = '', context = '{}']) => {
  const app = await createApp(JSON.parse(context), { outdir: folder, target: 'localhost' })
  app.synth()
  return 0
})
