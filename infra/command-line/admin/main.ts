import { printable, quoteForShell } from '../../local/terminal.ts'
import { type Answer, type Ask, createAsk } from './answer.ts'
import {
  type AdminCommandLine,
  type ExportTask,
  type ImportTask,
  readAdminCommandLine,
  type Task,
  type TryTask,
} from './command-line.ts'
import { exportUsers, formatLost } from './export.ts'
import { openAdminFunction } from './function.ts'
import { importUsers } from './import/import.ts'
import { count, formatImportSummary } from './import/import-summary.ts'
import { formatTry, tryPassword } from './import/try.ts'
import { readNewPassword, readOldPassword } from './password.ts'
import { createProgress } from './progress.ts'
import { catchSignals } from './signals.ts'

type RequestTask = Extract<Task, { readonly kind: 'request' }>

/** Gives a command to the admin function and tells its answer. */
async function run({ task, json, target }: AdminCommandLine): Promise<number> {
  const password = await readPassword(task)
  const lines: string[] = []
  await using admin = await openAdminFunction(target, (source, line) => void lines.push(`${source}: ${line}\n`))
  const ask = createAsk(admin.invoke, lines)
  switch (task.kind) {
    case 'request':
      return await request(task, password, ask, json)
    case 'import':
      return await runImport(task, ask, json)
    case 'export':
      return await runExport(task, ask, json)
    case 'try':
      return await runTry(task, password ?? '', ask, json)
  }
}

async function readPassword(task: Task): Promise<string | undefined> {
  const terminal = { input: process.stdin, output: process.stderr }
  if (task.kind === 'try') return readOldPassword(terminal)
  return task.kind === 'request' && task.setsPassword ? readNewPassword(terminal) : undefined
}

async function request(task: RequestTask, password: string | undefined, ask: Ask, json: boolean): Promise<number> {
  const answer = await ask({ ...task.request, ...(password !== undefined && { password }) })
  if (json) print(answer)
  else tell(answer)
  return answer.ok ? 0 : 1
}

async function runImport(task: ImportTask, ask: Ask, json: boolean): Promise<number> {
  const signals = catchSignals(() => void process.stderr.write('\nStopping: what is under way is finished first.\n'))
  const progress = createProgress(process.stderr, Date.now)
  const isStopping = () => signals.caught() !== undefined
  const summary = await importUsers(task, { ask, progress, now: Date.now, isStopping })
  const { update, dry_run: dryRun } = task.options
  if (json) print(summary)
  else process.stdout.write(`${formatImportSummary(summary, { update, dryRun })}\n`)
  if (summary.next !== undefined) return signals.caught() ?? 1
  return summary.refused.length > 0 ? 1 : 0
}

async function runTry({ file, name, firebase }: TryTask, password: string, ask: Ask, json: boolean): Promise<number> {
  const outcome = await tryPassword(file, name, { firebase, now: Date.now() }, password, ask)
  if (json) print(outcome)
  else process.stdout.write(`${formatTry(outcome)}\n`)
  return outcome.matches ? 0 : 1
}

async function runExport({ file, target }: ExportTask, ask: Ask, json: boolean): Promise<number> {
  const summary = await exportUsers(file, target, ask)
  if (json) print(summary)
  else process.stdout.write(`${count(summary.users)} users\n`)
  process.stderr.write(formatLost(summary, target))
  return 0
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

function tell(answer: Answer): void {
  if (!answer.ok) process.stderr.write(`${printable(answer.error_description)}\n`)
  else if (Array.isArray(answer.result['users'])) tellPage(answer.result['users'], answer.result['cursor'])
  else process.stdout.write(Object.entries(answer.result).map(lineOf).join(''))
}

// One user per line, the members separated by tabs; what is not a user goes to standard error.
function tellPage(users: readonly Readonly<Record<string, unknown>>[], cursor: unknown): void {
  const lines = users.map(({ username, sub, scope, disabled }) =>
    [username, sub, scope, ...(disabled ? ['disabled'] : [])].join('\t'),
  )
  process.stdout.write(lines.map((line) => `${line}\n`).join(''))
  if (cursor !== undefined)
    process.stderr.write(`There are more: go on with --cursor=${quoteForShell(String(cursor))}\n`)
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
  process.stderr.write(`${printable(`${name === 'Error' ? '' : `${name}: `}${message}`)}\n`)
  process.exitCode = 1
}
