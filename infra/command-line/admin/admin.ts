import type { Streams } from '../line/command.ts'
import { styleFor } from '../line/style.ts'
import { printable, quoteForShell } from '../terminal.ts'
import { type Answer, type Ask, createAsk } from './answer.ts'
import { clientIn, readClientFile, tellClient, tellClients } from './clients.ts'
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

type Output = Omit<Streams, 'stdin'> & { readonly json: boolean }

/**
 * Runs the command line of an administrator. The exit code is 1 where it fails and 2 where it was not called as it must be;
 * an import that a signal has stopped gives the signal's.
 */
export async function runAdmin(args: readonly string[], streams: Streams): Promise<number> {
  try {
    const reading = readAdminCommandLine(args)
    switch (reading.kind) {
      case 'command':
        return await run(reading.line, streams)
      case 'help':
        streams.stdout.write(reading.text)
        return 0
      case 'misuse':
        streams.stderr.write(styleFor(streams.stderr).red(printable(reading.text)))
        return 2
    }
  } catch (error) {
    // Here even a failure of AWS is one that the caller acts on: no stack trace, but its name.
    const { name, message } = Object(error)
    const { red } = styleFor(streams.stderr)
    streams.stderr.write(`${red(printable(`${name === 'Error' ? '' : `${name}: `}${message}`))}\n`)
    return 1
  }
}

/** Gives a command to the admin function and tells its answer. */
async function run({ task, json, target }: AdminCommandLine, streams: Streams): Promise<number> {
  const password = await readPassword(task, streams)
  const lines: string[] = []
  await using admin = await openAdminFunction(target, (source, line) => void lines.push(`${source}: ${line}\n`))
  const ask = createAsk(admin.invoke, lines)
  const output = { stdout: streams.stdout, stderr: streams.stderr, json }
  switch (task.kind) {
    case 'request':
      return await request(task, password, ask, output)
    case 'import':
      return await runImport(task, ask, output)
    case 'export':
      return await runExport(task, ask, output)
    case 'client':
      return report(await ask({ command: 'put-client', client: await readClientFile(task.file) }), output)
    case 'try':
      return await runTry(task, password ?? '', ask, output)
  }
}

async function readPassword(task: Task, { stdin, stderr }: Streams): Promise<string | undefined> {
  const terminal = { input: stdin, output: stderr }
  if (task.kind === 'try') return readOldPassword(terminal)
  return task.kind === 'request' && task.setsPassword ? readNewPassword(terminal) : undefined
}

async function request(task: RequestTask, password: string | undefined, ask: Ask, output: Output): Promise<number> {
  return report(await ask({ ...task.request, ...(password !== undefined && { password }) }), output)
}

function report(answer: Answer, output: Output): number {
  // One client is printed as it is stored (RFC 7591), for the programs that take it from here.
  if (output.json) print(clientIn(answer) ?? answer, output)
  else tell(answer, output)
  return answer.ok ? 0 : 1
}

async function runImport(task: ImportTask, ask: Ask, output: Output): Promise<number> {
  const signals = catchSignals(() => void output.stderr.write('\nStopping: what is under way is finished first.\n'))
  const progress = createProgress(output.stderr, Date.now)
  const isStopping = () => signals.caught() !== undefined
  const summary = await importUsers(task, { ask, progress, now: Date.now, isStopping })
  const { update, dry_run: dryRun } = task.options
  if (output.json) print(summary, output)
  else output.stdout.write(`${formatImportSummary(summary, { update, dryRun })}\n`)
  if (summary.next !== undefined) return signals.caught() ?? 1
  return summary.refused.length > 0 ? 1 : 0
}

async function runTry({ file, name, firebase }: TryTask, password: string, ask: Ask, output: Output): Promise<number> {
  const outcome = await tryPassword(file, name, { firebase, now: Date.now() }, password, ask)
  if (output.json) print(outcome, output)
  else output.stdout.write(`${formatTry(outcome)}\n`)
  return outcome.matches ? 0 : 1
}

async function runExport({ file, target }: ExportTask, ask: Ask, output: Output): Promise<number> {
  const summary = await exportUsers(file, target, { ask, progress: createProgress(output.stderr, Date.now) })
  if (output.json) print(summary, output)
  else output.stdout.write(`${count(summary.users)} users\n`)
  output.stderr.write(formatLost(summary, target))
  return 0
}

function print(value: object, { stdout }: Output): void {
  stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

function tell(answer: Answer, output: Output): void {
  const client = clientIn(answer)
  if (client) tellClient(client, output)
  else if (!answer.ok) output.stderr.write(`${printable(answer.error_description)}\n`)
  else if (Array.isArray(answer.result['clients'])) tellClients(answer.result['clients'], output)
  else if (Array.isArray(answer.result['api_keys'])) tellApiKeys(answer.result['api_keys'], output)
  else if (Array.isArray(answer.result['users'])) tellPage(answer.result['users'], answer.result['cursor'], output)
  else output.stdout.write(Object.entries(answer.result).map(lineOf).join(''))
}

// One user per line, the members separated by tabs; what is not a user goes to standard error.
function tellPage(
  users: readonly Readonly<Record<string, unknown>>[],
  cursor: unknown,
  { stdout, stderr }: Output,
): void {
  const lines = users.map(({ username, sub, scope, disabled, groups }) =>
    [username, sub, scope, ...(disabled ? ['disabled'] : []), ...(groups ? [`groups: ${joined(groups)}`] : [])].join(
      '\t',
    ),
  )
  stdout.write(lines.map((line) => `${line}\n`).join(''))
  if (cursor !== undefined) stderr.write(`There are more: go on with --cursor=${quoteForShell(String(cursor))}\n`)
}

// One key per line. Its owner has given it the name.
function tellApiKeys(keys: readonly Readonly<Record<string, unknown>>[], { stdout }: Output): void {
  const lines = keys.map(({ id, name, scope, expires_at: expires, last_used_at: used }) => {
    const lastUse = used === null ? 'never used' : `used on ${dayOf(used)}`
    return [id, printable(String(name)), scope, `expires on ${dayOf(expires)}`, lastUse].join('\t')
  })
  stdout.write(lines.map((line) => `${line}\n`).join(''))
}

const dayOf = (time: unknown): string => new Date(Number(time) * 1000).toISOString().slice(0, 10)

function lineOf([name, value]: readonly [string, unknown]): string {
  return name === 'factors' && Array.isArray(value)
    ? value.map(factorLine).join('')
    : `${name}: ${formatMember(name, value)}\n`
}

// A passkey has the name that its owner gave it.
function factorLine({ type, ...members }: Readonly<Record<string, unknown>>): string {
  const details = Object.entries(members).map(([name, value]) => `${name} ${printable(formatMember(name, value))}`)
  return `factor: ${[type, ...details].join(', ')}\n`
}

const formatMember = (name: string, value: unknown): string =>
  name.endsWith('_at') ? new Date(Number(value) * 1000).toISOString() : joined(value)

const joined = (value: unknown): string => [value].flat().join(' ')
