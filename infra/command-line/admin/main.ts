import { type Answer, type Ask, createAsk } from './answer.ts'
import { type AdminCommandLine, readAdminCommandLine, type Task } from './command-line.ts'
import { exportUsers } from './export.ts'
import { openAdminFunction } from './function.ts'
import { importUsers, tellImport } from './import.ts'
import { readNewPassword } from './password.ts'

type RequestTask = Extract<Task, { readonly kind: 'request' }>

/** Gives a command to the admin function and tells its answer. */
async function run({ task, json, target }: AdminCommandLine): Promise<number> {
  const asked = task.kind === 'request' && task.setsPassword
  const password = asked ? await readNewPassword({ input: process.stdin, output: process.stderr }) : undefined
  const lines: string[] = []
  await using admin = await openAdminFunction(target, (source, line) => void lines.push(`${source}: ${line}\n`))
  const ask = createAsk(admin.invoke, lines)
  switch (task.kind) {
    case 'request':
      return await request(task, password, ask, json)
    case 'import':
      return await runImport(task.file, task.from, ask, json)
    case 'export':
      return await runExport(task.file, ask, json)
  }
}

async function request(task: RequestTask, password: string | undefined, ask: Ask, json: boolean): Promise<number> {
  const answer = await ask({ ...task.request, ...(password !== undefined && { password }) })
  if (json) print(answer)
  else tell(answer)
  return answer.ok ? 0 : 1
}

async function runImport(file: string, from: number, ask: Ask, json: boolean): Promise<number> {
  const summary = await importUsers(file, from, ask)
  if (json) print(summary)
  else process.stdout.write(`${tellImport(summary)}\n`)
  return summary.refused.length > 0 ? 1 : 0
}

async function runExport(file: string, ask: Ask, json: boolean): Promise<number> {
  const users = await exportUsers(file, ask)
  if (json) print({ users })
  else process.stdout.write(`${users.toLocaleString('en')} users\n`)
  return 0
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

function tell(answer: Answer): void {
  if (answer.ok) process.stdout.write(Object.entries(answer.result).map(lineOf).join(''))
  else process.stderr.write(`${answer.error_description}\n`)
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
