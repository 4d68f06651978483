import { readFileSync } from 'node:fs'
import { refuse } from '../local/refusal.ts'
import { didYouMean } from './line/closest.ts'
import type { Streams } from './line/command.ts'
import { logToStderr } from './run-program.ts'
import { fillInSamples } from './sample-values.ts'
import { type LocalOptions, openFunctions } from './server/open-functions.ts'

/** Gives the event of a file to a function and prints its answer; 1 where the function failed. */
export async function invokeFunction(
  name: string,
  file: string,
  options: LocalOptions,
  { stdout }: Streams,
): Promise<number> {
  const event = readEvent(file)
  await using functions = await openFunctions(options, logToStderr)
  const { functionNames } = functions
  if (!functionNames.includes(name)) {
    refuse(
      `There is no function ${name}.${didYouMean(name, functionNames)} There are ${functionNames.join(', ')}. Some exist only with a setting (-c), with which the server must have started.`,
    )
  }
  const { payload, functionError } = await functions.invoke(
    name,
    await fillInSamples(event, options.data, functions.invoke),
  )
  stdout.write(`${JSON.stringify(JSON.parse(payload), null, 2)}\n`)
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
