import { didYouMean } from '../line/closest.ts'
import { readOptions as parseOptions, readContext } from '../line/options.ts'
import { type Command, commands, firebaseOptions, helpOn, hintFor, type Option, placeholders } from './commands.ts'
import { type FirebaseParameters, readBase64 } from './import/forms/form.ts'

const options = {
  scope: { type: 'string' },
  from: { type: 'string' },
  prefix: { type: 'string' },
  limit: { type: 'string' },
  cursor: { type: 'string' },
  verified: { type: 'boolean' },
  restore: { type: 'boolean' },
  'allow-personal-sub': { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  update: { type: 'boolean' },
  try: { type: 'string' },
  'firebase-signer-key': { type: 'string' },
  'firebase-salt-separator': { type: 'string' },
  'firebase-rounds': { type: 'string' },
  'firebase-mem-cost': { type: 'string' },
  for: { type: 'string' },
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

/** What the function is sent, apart from the password. */
type Request = Readonly<Record<string, string | number | boolean>>

/** As the function takes them. */
export type ImportOptions = {
  readonly restore: boolean
  readonly allow_personal_sub: boolean
  readonly update: boolean
  readonly dry_run: boolean
}

/** A file to import, from which line on. */
export type ImportTask = {
  readonly kind: 'import'
  readonly file: string
  readonly from: number
  readonly firebase: FirebaseParameters | undefined
  readonly options: ImportOptions
}

/** A file to look up a name in, to check its password. */
export type TryTask = {
  readonly kind: 'try'
  readonly file: string
  readonly name: string
  readonly firebase: FirebaseParameters | undefined
}

/** A file to export to, for another system if there is a target. */
export type ExportTask = { readonly kind: 'export'; readonly file: string; readonly target: string | undefined }

/** A file with a client. */
type ClientTask = { readonly kind: 'client'; readonly file: string }

export type Task =
  | { readonly kind: 'request'; readonly request: Request; readonly setsPassword: boolean }
  | ImportTask
  | TryTask
  | ExportTask
  | ClientTask

export type AdminCommandLine = { readonly task: Task; readonly json: boolean; readonly target: Target }

type Reading =
  | { readonly kind: 'command'; readonly line: AdminCommandLine }
  | { readonly kind: 'help' | 'misuse'; readonly text: string }

type Values = ReturnType<typeof parse>['values']

const parse = (args: readonly string[]) => parseOptions(args, options)

/** @throws Error that says what is wrong with the line. */
function readPlace({ stack, function: functionName, data, context = [] }: Values): Target {
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
      return readImport(first, values)
    case 'put-client':
      return { kind: 'client', file: first }
    case 'export-users':
      return { kind: 'export', file: first, target: readTarget(values) }
    default: {
      const request = { command: name, ...namesOf(command, operands), ...readOptions(values) }
      return { kind: 'request', request, setsPassword: command.setsPassword ?? false }
    }
  }
}

function readImport(file: string, values: Values): ImportTask | TryTask {
  const firebase = readFirebase(values)
  if (values.try === undefined)
    return { kind: 'import', file, from: readFrom(values), firebase, options: readImportOptions(values) }
  const other = importing.find((option) => values[option] !== undefined)
  if (other !== undefined) throw new Error(`--try imports nothing, so it takes no --${other}.`)
  return { kind: 'try', file, name: values.try, firebase }
}

const importing = ['from', 'dry-run', 'update', 'restore', 'allow-personal-sub'] as const

function readFirebase(values: Values): FirebaseParameters | undefined {
  const given = firebaseOptions.filter((option) => values[option] !== undefined)
  if (given.length === 0) return undefined
  const missing = firebaseOptions.find((option) => !given.includes(option))
  if (missing !== undefined) throw new Error(`The hashes of Firebase need --${missing} too.`)
  const [signerKey = '', saltSeparator = '', rounds = '', memCost = ''] = firebaseOptions.map((each) => values[each])
  if (!readBase64(signerKey)?.length)
    throw new Error('--firebase-signer-key takes base64, as the console shows it, and not the name of a file.')
  if (!readBase64(saltSeparator)) throw new Error('--firebase-salt-separator takes base64, as the console shows it.')
  for (const [option, text] of [
    ['rounds', rounds],
    ['mem-cost', memCost],
  ] as const)
    if (!/^[1-9]\d?$/.test(text)) throw new Error(`--firebase-${option} takes a number, as the console shows it.`)
  return { signerKey, saltSeparator, rounds: Number(rounds), memCost: Number(memCost) }
}

function readTarget({ for: target }: Values): string | undefined {
  if (target !== undefined && !/^(?:flask|django|phc)$/.test(target))
    throw new Error('--for takes flask, django or phc.')
  return target
}

function readFrom({ from = '1' }: Values): number {
  if (!/^[1-9]\d{0,8}$/.test(from)) throw new Error('--from takes the number of a line, from 1 on.')
  return Number(from)
}

const readImportOptions = (values: Values): ImportOptions => ({
  restore: values.restore ?? false,
  allow_personal_sub: values['allow-personal-sub'] ?? false,
  update: values.update ?? false,
  dry_run: values['dry-run'] ?? false,
})

const memberOf = {
  NAME: 'username',
  'NAME-OR-SUB': 'username',
  NEW: 'new_username',
  ADDRESS: 'email',
  FILE: 'file',
  'CLIENT-ID': 'client_id',
} as const

const namesOf = (command: Command, operands: readonly string[]) =>
  Object.fromEntries(command.operands.map((operand, index) => [memberOf[operand], operands[index] ?? '']))

function readOptions({ scope, prefix, limit, cursor, verified }: Values): Request {
  if (limit !== undefined && !/^[1-9]\d{0,3}$/.test(limit)) throw new Error('--limit takes a number from 1 to 1,000.')
  return {
    ...(scope !== undefined && { scope }),
    ...(prefix !== undefined && { prefix }),
    ...(limit !== undefined && { limit: Number(limit) }),
    ...(cursor !== undefined && { cursor }),
    ...(verified !== undefined && { verified }),
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
  if (!command)
    throw new Error(name ? `Unknown command ${name}.${didYouMean(name, [...commands.keys()])}` : 'Which command?')
  if (operands.length !== command.operands.length)
    throw new Error(`${name} takes ${command.operands.join(' and ') || 'no name'}.`)
  checkOptions(name, command, values)
  return { task: readTask(name, command, operands, values), json: values.json, target: readPlace(values) }
}

export function readAdminCommandLine(args: readonly string[]): Reading {
  try {
    const { values, positionals } = parse(args)
    if (values.help) return { kind: 'help', text: helpOn(positionals[0]) }
    return { kind: 'command', line: readLine(values, positionals) }
  } catch (error) {
    return { kind: 'misuse', text: `${Object(error).message}\n${hintFor(args)}\n` }
  }
}
