import { parseArgs } from 'node:util'

/** What all commands of the local runtime take. */
export type LocalOptions = {
  readonly port: number
  readonly data: string
  /** CDK context: settings by their names. */
  readonly context: Readonly<Record<string, string>>
}

export type CommandLine = LocalOptions & {
  readonly reset: boolean
  /** Names beside localhost that requests may be sent to. */
  readonly hosts: readonly string[]
  readonly operands: readonly string[]
}

const flags = {
  port: { type: 'string', default: '3000' },
  data: { type: 'string', default: '.local' },
  context: { type: 'string', short: 'c', multiple: true, default: [] as string[] },
  reset: { type: 'boolean', default: false },
  host: { type: 'string', multiple: true, default: [] as string[] },
} as const

// A name or an IPv4 address, without a port.
const isHostName = (text: string): boolean => /^[\w-]+(\.[\w-]+)*$/.test(text)

/** Undefined where the line cannot be understood: the command then says how it is used. */
export function readCommandLine(args: readonly string[]): CommandLine | undefined {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: flags, allowPositionals: true })
    const context = readContext(values.context)
    const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN
    if (!(port <= 65_535) || values.data === '' || !values.host.every(isHostName)) return undefined
    return { port, data: values.data, context, reset: values.reset, hosts: values.host, operands: positionals }
  } catch {
    return undefined
  }
}

/** Reads `-c SETTING=VALUE …`. @throws Error where one is in another form. */
export function readContext(settings: readonly string[]): Readonly<Record<string, string>> {
  const read = (setting: string) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(setting) ?? []
    if (name === undefined || value === undefined) throw new Error(`-c takes SETTING=VALUE, not ${setting}.`)
    return [name, value]
  }
  return Object.fromEntries(settings.map(read))
}
