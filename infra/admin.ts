import { type AdminCommandLine, readAdminCommandLine } from './admin-command-line.ts'
import { openAdminFunction } from './admin-function.ts'
import { readNewPassword } from './admin-password.ts'
import { refuse } from './local/refusal.ts'

type Answer =
  | { readonly ok: true; readonly result: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly error: string; readonly error_description: string }

/** Gives a command to the admin function and tells its answer. */
async function run({ request, setsPassword, json, target }: AdminCommandLine): Promise<number> {
  const password = setsPassword && (await readNewPassword({ input: process.stdin, output: process.stderr }))
  const lines: string[] = []
  await using admin = await openAdminFunction(target, (source, line) => void lines.push(`${source}: ${line}\n`))
  const { payload, functionError } = await admin.invoke(JSON.stringify({ ...request, ...(password && { password }) }))
  if (functionError) refuse(`${lines.join('')}The function admin failed: ${payload}`)
  return tell(JSON.parse(payload), json)
}

function tell(answer: Answer, json: boolean): number {
  if (json) process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`)
  else if (answer.ok) process.stdout.write(Object.entries(answer.result).map(lineOf).join(''))
  else process.stderr.write(`${answer.error_description}\n`)
  return answer.ok ? 0 : 1
}

function lineOf([name, value]: readonly [string, unknown]): string {
  return `${name}: ${name.endsWith('_at') ? new Date(Number(value) * 1000).toISOString() : value}\n`
}

async function main(args: readonly string[]): Promise<number> {
  const reading = readAdminCommandLine(args)
  switch (reading.kind) {
    case 'command':
      return await run(reading.line)
    case 'help':
      process.stdout.write(reading.text)
      return 0
    case 'misuse':
      process.stderr.write(reading.text)
      return 2
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  // Here even a failure of AWS is one that the caller acts on: no stack trace, but its name.
  const { name, message } = Object(error)
  process.stderr.write(`${name === 'Error' ? '' : `${name}: `}${message}\n`)
  process.exitCode = 1
}
