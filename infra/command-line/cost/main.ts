import { parseArgs } from 'node:util'
import { createApp } from '../../create-app.ts'
import { readPlan } from './plan.ts'
import { costTable } from './table.ts'

const usage = 'npm run cost -- [-c name=value …]'

/** What a month costs with the stack of these settings. */
async function main(): Promise<string> {
  const { values } = parseArgs({ options: { context: { type: 'string', short: 'c', multiple: true, default: [] } } })
  const settings = values.context.map((setting) => /^([^=]+)=(.*)$/s.exec(setting)?.slice(1) ?? [])
  if (settings.some(([name]) => name === undefined)) throw new Error(`A setting is name=value. Usage: ${usage}`)
  const app = await createApp(Object.fromEntries(settings))
  const [stack] = app.synth().stacks
  return costTable(readPlan(stack?.template.Resources ?? {}))
}

await main().then(console.log, ({ message }: Error) => {
  console.error(message)
  process.exitCode = 1
})
