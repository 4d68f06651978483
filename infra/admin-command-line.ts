import { parseArgs } from 'node:util'
import { readContext } from './local/command-line.ts'

type Command = {
  readonly about: string
  readonly options?: readonly 'scope'[]
  readonly setsPassword?: boolean
}

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  [
    'create-user',
    {
      about:
        'Makes a user, who may be granted the scopes. The password is one line on standard input, or is asked for.',
      options: ['scope'],
      setsPassword: true,
    },
  ],
  ['show-user', { about: 'Shows a user.' }],
  ['disable-user', { about: 'Keeps a user from logging in, and ends all sessions.' }],
  ['enable-user', { about: 'Lets a user log in again.' }],
  ['revoke-sessions', { about: 'Ends all sessions of a user, who may log in again.' }],
  ['delete-user', { about: 'Deletes a user for good, with all sessions. The name is free then.' }],
])

const options = {
  scope: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  stack: { type: 'string' },
  data: { type: 'string' },
  context: { type: 'string', short: 'c', multiple: true },
} as const

const commonHelp = `
  --stack NAME      works on a stack in AWS, with your credentials there
  --data DIR        works on localhost, as it does without --stack; the data folder, .local if none is named
  -c SETTING=VALUE  a setting, as npm start takes it; for when no server runs
  --json            prints the answer as JSON
  --help            prints this, after a command what it does`

/** Where the admin function is: in a stack, or in the account of a data folder. */
export type Target =
  | { readonly stack: string }
  | { readonly data: string; readonly context: Readonly<Record<string, string>> }

export type AdminCommandLine = {
  /** What the function is sent, but for the password. */
  readonly request: Readonly<Record<string, string>>
  readonly setsPassword: boolean
  readonly json: boolean
  readonly target: Target
}

type Reading =
  | { readonly kind: 'command'; readonly line: AdminCommandLine }
  | { readonly kind: 'help' | 'misuse'; readonly text: string }

function usageOf(name: string, { options = [] }: Command): string {
  return [
    'npm run admin --',
    name,
    'NAME',
    ...options.map((option) => `[--${option} "${option.toUpperCase()} …"]`),
  ].join(' ')
}

function helpOn(name: string | undefined): string {
  const chosen = [...commands].filter(([each]) => each === name)
  const described = chosen.length > 0 ? chosen : [...commands]
  const lines = described.map(([each, command]) => `${usageOf(each, command)}\n  ${command.about}\n`)
  return `${lines.join('')}${commonHelp}\n`
}

type Values = ReturnType<typeof parse>['values']

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options, allowPositionals: true })

/** @throws Error that says what is wrong with the line. */
function readTarget({ stack, data, context = [] }: Values): Target {
  if (stack === undefined) return { data: data ?? '.local', context: readContext(context) }
  if (data === undefined && context.length === 0) return { stack }
  throw new Error('--stack is for AWS, --data and -c are for localhost: one or the other.')
}

function readLine(values: Values, [name = '', username, ...more]: readonly string[]): AdminCommandLine {
  const command = commands.get(name)
  if (!command) throw new Error(name ? `There is no command ${name}.` : 'Which command?')
  if (username === undefined || more.length > 0) throw new Error(`${name} takes one NAME.`)
  const { scope, json } = values
  if (scope !== undefined && !command.options?.includes('scope')) throw new Error(`${name} takes no --scope.`)
  return {
    request: { command: name, username, ...(scope !== undefined && { scope }) },
    setsPassword: command.setsPassword ?? false,
    json,
    target: readTarget(values),
  }
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
