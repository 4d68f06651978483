import { misuse } from './misuse.ts'
import { type Option, type Options, readOptions, type Values } from './options.ts'
import { programOf } from './program.ts'
import { type Style, styleFor } from './style.ts'

/** What a command reads from and writes to, as the process has them. */
export type Streams = {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly stdout: Output
  readonly stderr: Output & { readonly isTTY?: boolean }
}

type Output = NodeJS.WritableStream & { readonly hasColors?: () => boolean }

export type Command = {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** Whether it runs functions on this machine, which takes the Node that Lambda runs them with. */
  readonly runsFunctions: boolean
  /** How to use it, or the one of its subcommands that is named. @throws Misuse where there is no such subcommand. */
  readonly help: (subcommands: readonly string[], style: Style) => string
  /** Runs it with the rest of the line, and gives the exit code. */
  readonly run: (args: readonly string[], streams: Streams) => Promise<number>
}

/** A command without subcommands. */
type Description<O extends Options> = Pick<Command, 'name' | 'summary' | 'runsFunctions'> & {
  /** What it does, in full sentences. */
  readonly about: string
  readonly operands: readonly string[]
  /** With the common ones. */
  readonly options: O
}

type Run<O extends Options> = (
  values: Values<O>,
  operands: readonly string[],
  streams: Streams,
) => Promise<number> | number

export function createCommand<const O extends Options>(described: Description<O>, run: Run<O>): Command {
  const { name, operands: wanted, options } = described
  const help = (style: Style) => formatHelp(described, style)
  return {
    ...described,
    help: (_, style) => help(style),
    run: async (args, streams) => {
      const { values, positionals } = readOptions(args, options)
      if (Object(values).help === true) return print(help(styleFor(streams.stdout)), streams)
      if (positionals.length !== wanted.length) misuse(`${name} takes ${wanted.join(' and ') || 'only options'}.`)
      return await run(values, positionals, streams)
    },
  }
}

export function print(text: string, { stdout }: Streams): number {
  stdout.write(text)
  return 0
}

const exitCodes = 'Exit code: 0 when it is done, 1 when it failed, 2 when the line cannot be understood.'

function formatHelp({ name, about, operands, options }: Description<Options>, { bold }: Style): string {
  const usage = [programOf(name), ...operands, '[OPTION …]'].join(' ')
  return `${bold(usage)}\n\n${about}\n\n${bold('Options')}\n${formatOptions(options)}\n\n${exitCodes}\n`
}

function formatOptions(options: Options): string {
  const rows = Object.entries(options).map(([name, option]) => ({ left: leftOf(name, option), option }))
  const width = Math.max(...rows.map(({ left }) => left.length))
  return rows.map(({ left, option }) => `  ${left.padEnd(width)}  ${option.about}${defaultOf(option)}`).join('\n')
}

const leftOf = (name: string, { short, value }: Option): string =>
  [...(short ? [`-${short},`] : []), `--${name}`, ...(value ? [value] : [])].join(' ')

const defaultOf = ({ default: given }: Option): string => (typeof given === 'string' ? ` Default: ${given}.` : '')
