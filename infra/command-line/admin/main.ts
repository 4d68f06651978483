import { type Answer, type Ask, createAsk } from './answer.ts'
import { type AdminCommandLine, readAdminCommandLine, type Task } from './command-line.ts'
import { exportUsers } from './export.ts'
import { openAdminFunction } from './function.ts'
import { formatImportSummary, importUsers } from './import.ts'
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
      return await runImport(task, ask, json)
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

type ImportTask = Extract<Task, { readonly kind: 'import' }>

async function runImport({ file, from, options }: ImportTask, ask: Ask, json: boolean): Promise<number> {
  const summary = await importUsers(file, from, options, ask)
  if (json) print(summary)
  else process.stdout.write(`${formatImportSummary(summary)}\n`)
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
  if (!answer.ok) process.stderr.write(`${answer.error_description}\n`)
  else if (Array.isArray(answer.result['users'])) tellPage(answer.result['users'], answer.result['cursor'])
  else process.stdout.write(Object.entries(answer.result).map(lineOf).join(''))
}

// One user per line, the members separated by tabs; what is not a user goes to standard error.
function tellPage(users: readonly Readonly<Record<string, unknown>>[], cursor: unknown): void {
  const lines = users.map(({ username, sub, scope, disabled }) =>
    [username, sub, scope, ...(disabled ? ['disabled'] : [])].join('\t'),
  )
  process.stdout.write(lines.map((line) => `${line}\n`).join(''))
  if (cursor !== undefined) process.stderr.write(`There are more: go on with --cursor '${cursor}'\n`)
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
