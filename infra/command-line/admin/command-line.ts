import { parseArgs } from 'node:util'
import { readContext } from '../../local/command-line.ts'
import { type Command, commands, helpOn, type Option, placeholders } from './commands.ts'

const options = {
  scope: { type: 'string' },
  from: { type: 'string' },
  prefix: { type: 'string' },
  limit: { type: 'string' },
  cursor: { type: 'string' },
  restore: { type: 'boolean' },
  'allow-personal-sub': { type: 'boolean' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  stack: { type: 'string' },
  function: { type: 'string' },
  data: { type: 'string' },
  context: { type: 'string', short: 'c', multiple: true },
} as const

/** Where the admin function is: in a stack, under its own name in AWS, or in the account of a data folder. */
export type Target =
  | { readonly stack: string }
  | { readonly functionName: string }
  | { readonly data: string; readonly context: Readonly<Record<string, string>> }

/** What the function is sent, apart from the password; or the file to import, from which line on, or to export to. */
type Request = Readonly<Record<string, string | number>>

/** As the function takes them. */
export type ImportOptions = { readonly restore: boolean; readonly allow_personal_sub: boolean }

export type Task =
  | { readonly kind: 'request'; readonly request: Request; readonly setsPassword: boolean }
  | { readonly kind: 'import'; readonly file: string; readonly from: number; readonly options: ImportOptions }
  | { readonly kind: 'export'; readonly file: string }

export type AdminCommandLine = { readonly task: Task; readonly json: boolean; readonly target: Target }

type Reading =
  | { readonly kind: 'command'; readonly line: AdminCommandLine }
  | { readonly kind: 'help' | 'misuse'; readonly text: string }

type Values = ReturnType<typeof parse>['values']

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options, allowPositionals: true })

/** @throws Error that says what is wrong with the line. */
function readTarget({ stack, function: functionName, data, context = [] }: Values): Target {
  const isLocal = data !== undefined || context.length > 0
  if ((stack !== undefined || functionName !== undefined) && isLocal)
    throw new Error('--stack and --function are for AWS, --data and -c are for localhost: one or the other.')
  if (stack !== undefined && functionName !== undefined) throw new Error('--stack or --function, not both.')
  if (stack !== undefined) return { stack }
  if (functionName !== undefined) return { functionName }
  return { data: data ?? '.local', context: readContext(context) }
}

function readTask(name: string, command: Command, operands: readonly string[], values: Values): Task {
  const [first = ''] = operands
  switch (name) {
    case 'import-users':
      return { kind: 'import', file: first, from: readFrom(values), options: readImportOptions(values) }
    case 'export-users':
      return { kind: 'export', file: first }
    default: {
      const request = { command: name, ...namesOf(operands), ...readOptions(values) }
      return { kind: 'request', request, setsPassword: command.setsPassword ?? false }
    }
  }
}

function readFrom({ from = '1' }: Values): number {
  if (!/^[1-9]\d{0,8}$/.test(from)) throw new Error('--from takes the number of a line, from 1 on.')
  return Number(from)
}

const readImportOptions = (values: Values): ImportOptions => ({
  restore: values.restore ?? false,
  allow_personal_sub: values['allow-personal-sub'] ?? false,
})

const namesOf = ([username, new_username]: readonly string[]) => ({
  ...(username !== undefined && { username }),
  ...(new_username !== undefined && { new_username }),
})

function readOptions({ scope, prefix, limit, cursor }: Values): Request {
  if (limit !== undefined && !/^[1-9]\d{0,3}$/.test(limit)) throw new Error('--limit takes a number from 1 to 1,000.')
  return {
    ...(scope !== undefined && { scope }),
    ...(prefix !== undefined && { prefix }),
    ...(limit !== undefined && { limit: Number(limit) }),
    ...(cursor !== undefined && { cursor }),
  }
}

function checkOptions(name: string, { options = [], required }: Command, values: Values): void {
  for (const option of Object.keys(placeholders) as Option[]) {
    if (values[option] !== undefined && !options.includes(option)) throw new Error(`${name} takes no --${option}.`)
  }
  if (required !== undefined && values[required] === undefined) throw new Error(`${name} takes --${required}.`)
}

function readLine(values: Values, [name = '', ...operands]: readonly string[]): AdminCommandLine {
  const command = commands.get(name)
  if (!command) throw new Error(name ? `Unknown command ${name}.` : 'Which command?')
  if (operands.length !== command.operands.length)
    throw new Error(`${name} takes ${command.operands.join(' and ') || 'no name'}.`)
  checkOptions(name, command, values)
  return { task: readTask(name, command, operands, values), json: values.json, target: readTarget(values) }
}

export function readAdminCommandLine(args: readonly string[]): Reading {
  try {
    const { values, positionals } = parse(args)
    if (values.help) return { kind: 'help', text: helpOn(positionals[0]) }
    return { kind: 'command', line: readLine(values, positionals) }
  } catch (error) {
    return { kind: 'misuse', text: `${Object(error).message}\n\n${helpOn(undefined)}` }
  }
}
