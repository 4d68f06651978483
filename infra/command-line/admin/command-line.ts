import { parseArgs } from 'node:util'
import { readContext } from '../../local/command-line.ts'
import { type Command, commands, helpOn } from './commands.ts'

const options = {
  scope: { type: 'string' },
  from: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  stack: { type: 'string' },
  data: { type: 'string' },
  context: { type: 'string', short: 'c', multiple: true },
} as const

/** Where the admin function is: in a stack, or in the account of a data folder. */
export type Target =
  | { readonly stack: string }
  | { readonly data: string; readonly context: Readonly<Record<string, string>> }

/** What the function is sent, but for the password; or the file whose users it is sent or gives, from which line on. */
export type Task =
  | { readonly kind: 'request'; readonly request: Readonly<Record<string, string>>; readonly setsPassword: boolean }
  | { readonly kind: 'import'; readonly file: string; readonly from: number }
  | { readonly kind: 'export'; readonly file: string }

export type AdminCommandLine = { readonly task: Task; readonly json: boolean; readonly target: Target }

type Reading =
  | { readonly kind: 'command'; readonly line: AdminCommandLine }
  | { readonly kind: 'help' | 'misuse'; readonly text: string }

type Values = ReturnType<typeof parse>['values']

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options, allowPositionals: true })

/** @throws Error that says what is wrong with the line. */
function readTarget({ stack, data, context = [] }: Values): Target {
  if (stack === undefined) return { data: data ?? '.local', context: readContext(context) }
  if (data === undefined && context.length === 0) return { stack }
  throw new Error('--stack is for AWS, --data and -c are for localhost: one or the other.')
}

function readTask(name: string, command: Command, operand: string, { scope, from = '1' }: Values): Task {
  switch (name) {
    case 'import-users':
      if (!/^[1-9]\d{0,8}$/.test(from)) throw new Error('--from takes the number of a line, from 1 on.')
      return { kind: 'import', file: operand, from: Number(from) }
    case 'export-users':
      return { kind: 'export', file: operand }
    default:
      return {
        kind: 'request',
        request: { command: name, username: operand, ...(scope !== undefined && { scope }) },
        setsPassword: command.setsPassword ?? false,
      }
  }
}

function checkOptions(name: string, { options = [], required }: Command, values: Values): void {
  for (const option of ['scope', 'from'] as const) {
    if (values[option] !== undefined && !options.includes(option)) throw new Error(`${name} takes no --${option}.`)
  }
  if (required !== undefined && values[required] === undefined) throw new Error(`${name} takes --${required}.`)
}

function readLine(values: Values, [name = '', operand, ...more]: readonly string[]): AdminCommandLine {
  const command = commands.get(name)
  if (!command) throw new Error(name ? `There is no command ${name}.` : 'Which command?')
  if (operand === undefined || more.length > 0) throw new Error(`${name} takes one ${command.operand}.`)
  checkOptions(name, command, values)
  return { task: readTask(name, command, operand, values), json: values.json, target: readTarget(values) }
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
