import { readFileSync } from 'node:fs'
import type { CommandLine } from '../local/command-line.ts'
import { openFunctions } from '../local/open-functions.ts'
import { refuse } from '../local/refusal.ts'
import { logToStderr, runCommand } from '../local/run-command.ts'
import { fillInSamples } from './sample-values.ts'

const usage = `npm run invoke -- FUNCTION EVENT.json [--data .local] [--port 3000] [-c SETTING=VALUE …]
EVENT.json may be - for standard input. A running server is used as it is; --port and -c apply only without one.`

async function invoke({ operands: [name = '', file = ''], ...options }: CommandLine): Promise<number> {
  const event = readEvent(file)
  await using functions = await openFunctions(options, logToStderr)
  const { functionNames } = functions
  if (!functionNames.includes(name)) {
    refuse(`There is no function ${name}; there are ${functionNames.join(', ')}. Some exist only with a setting (-c).`)
  }
  const { payload, functionError } = await functions.invoke(
    name,
    await fillInSamples(event, options.data, functions.invoke),
  )
  process.stdout.write(`${JSON.stringify(JSON.parse(payload), null, 2)}\n`)
  return functionError ? 1 : 0
}

function readEvent(file: string): string {
  const text = readText(file)
  try {
    JSON.parse(text)
  } catch (error) {
    refuse(`${file} is not JSON: ${error instanceof Error ? error.message : error}`)
  }
  return text
}

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch {
    return refuse(`${file} cannot be read: name a file with an event, such as events/login/ok.json.`)
  }
}

await runCommand(usage, 2, invoke)
