import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fillInSamples } from '../../infra/command-line/sample-values.ts'
import { openFunctions } from '../../infra/command-line/server/open-functions.ts'

/** Gives a function of a running server one of the sample events, as `npm run invoke` does, but without another process. */
export async function giveSample(data: string, name: string, event: string) {
  await using functions = await openFunctions({ data, context: {}, port: 0 }, () => undefined)
  const sample = readFileSync(join('events', name, `${event}.json`), 'utf8')
  const filled = await fillInSamples(sample, data, functions.invoke)
  const { payload, functionError } = await functions.invoke(name, filled)
  return { failed: functionError !== undefined, answer: JSON.parse(payload) }
}
