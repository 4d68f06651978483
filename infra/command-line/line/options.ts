import { type ParseArgsOptionDescriptor, parseArgs } from 'node:util'
import { didYouMean } from './closest.ts'
import { misuse } from './misuse.ts'

/** An option as `parseArgs` takes it, with what the help says. `value` stands for what follows it. */
export type Option = ParseArgsOptionDescriptor & { readonly value?: string; readonly about?: string }

export type Options = Readonly<Record<string, Option>>

type Config<O extends Options> = { args: string[]; options: O; allowPositionals: true }

type Parsed<O extends Options> = ReturnType<typeof parseArgs<Config<O>>>

/** What a line says: options by their names, and the rest. */
export type Values<O extends Options> = Parsed<O>['values']

/** Reads the options of a line. @throws Misuse that names the first one that is wrong, and the one that was meant. */
export function readOptions<const O extends Options>(args: readonly string[], options: O): Parsed<O> {
  checkOptions(args, options)
  return parseArgs<Config<O>>({ args: [...args], options, allowPositionals: true })
}

function checkOptions(args: readonly string[], options: Options): void {
  const lenient = { args: [...args], options, allowPositionals: true, strict: false, tokens: true } as const
  for (const token of parseArgs(lenient).tokens) {
    if (token.kind !== 'option') continue
    const { name, rawName, value, inlineValue } = token
    const option = Object.hasOwn(options, name) ? options[name] : undefined
    if (!option) misuse(`Unknown option ${rawName}.${didYouMean(rawName, namesOf(options))}`)
    if (option.type === 'boolean' && value !== undefined) misuse(`${rawName} takes no value.`)
    if (option.type === 'string') checkValue(rawName, option, inlineValue ? 'x' : value)
  }
}

const namesOf = (options: Options): readonly string[] => Object.keys(options).map((name) => `--${name}`)

// "--data --port 1" has forgotten the folder.
function checkValue(rawName: string, { value: placeholder = 'a value' }: Option, value: string | undefined): void {
  if (value === undefined) misuse(`${rawName} takes ${placeholder}.`)
  if (/^-./.test(value)) misuse(`${rawName} takes ${placeholder}; one that begins with a dash follows an equals sign.`)
}

export const commonOptions = {
  help: { type: 'boolean', short: 'h', default: false, about: 'Prints this.' },
} as const satisfies Options

/** Settings, as `cdk deploy` takes them. */
export const settingOption = {
  context: {
    type: 'string',
    short: 'c',
    multiple: true,
    default: [] as string[],
    value: 'SETTING=VALUE',
    about: 'A setting (docs/settings.md); once for each.',
  },
} as const

/** Reads `-c SETTING=VALUE …`. @throws Misuse where one is in another form. */
export function readContext(settings: readonly string[]): Readonly<Record<string, string>> {
  const read = (setting: string) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(setting) ?? []
    if (name === undefined || value === undefined) misuse(`-c takes SETTING=VALUE, not ${setting}.`)
    return [name, value]
  }
  return Object.fromEntries(settings.map(read))
}
