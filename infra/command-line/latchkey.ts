import { commands } from './commands.ts'
import { didYouMean } from './line/closest.ts'
import { type Command, print, type Streams } from './line/command.ts'
import { Misuse, misuse } from './line/misuse.ts'
import { program } from './line/program.ts'
import { type Style, styleFor } from './line/style.ts'
import { printable } from './terminal.ts'
import { readVersion } from './version.ts'

/**
 * Runs a line of the command. The exit code is 0 when it is done, 1 when it failed, 2 when it cannot be understood; what a
 * signal has ended gives the signal's.
 */
export async function runLatchkey(args: readonly string[], streams: Streams): Promise<number> {
  try {
    return await run(args, streams)
  } catch (error) {
    const { red } = styleFor(streams.stderr)
    streams.stderr.write(`${red(printable(complaintOf(error)))}\n${error instanceof Misuse ? hintFor(args) : ''}`)
    return error instanceof Misuse ? 2 : 1
  }
}

async function run([first, ...rest]: readonly string[], streams: Streams): Promise<number> {
  switch (first) {
    case '--version':
    case '-v':
      return print(`${readVersion()}\n`, streams)
    case 'help':
    case '--help':
    case '-h':
      return print(helpOn(rest, styleFor(streams.stdout)), streams)
    default: {
      const command = findCommand(first)
      refuseOldNode(command)
      return await command.run(rest, streams)
    }
  }
}

function findCommand(name: string | undefined): Command {
  if (name === undefined) return misuse('Which command?')
  const found = commands.find((command) => command.name === name)
  if (found) return found
  if (name.startsWith('-')) misuse(`Unknown option ${name}.${didYouMean(name, ['--help', '--version'])}`)
  return misuse(`Unknown command ${name}.${didYouMean(name, [...commands.map((command) => command.name), 'help'])}`)
}

function refuseOldNode({ name, runsFunctions }: Command): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (runsFunctions && (major < 24 || (major === 24 && minor < 7)))
    throw new Error(
      `latchkey ${name} needs Node.js 24.7 or later, as Lambda runs the functions; this is ${process.versions.node}.`,
    )
}

function helpOn([name, ...subcommands]: readonly string[], style: Style): string {
  return name === undefined || name === 'help' ? overview(style) : findCommand(name).help(subcommands, style)
}

function overview({ bold }: Style): string {
  const rows = commands.map(({ name, summary }) => `  ${name.padEnd(8)}${summary}`)
  return `${bold(`${program} COMMAND …`)}

${bold('Commands')}
${rows.join('\n')}
  help    Says how to use a command: help start, help admin create-user.

--version prints the version.
Exit code: 0 when it is done, 1 when it failed, 2 when the line cannot be understood.
`
}

function hintFor([name = '']: readonly string[]): string {
  const isKnown = commands.some((command) => command.name === name)
  return `${program} help${isKnown ? ` ${name}` : ''} says how to use it.\n`
}

// A plain Error says what to do and needs no stack trace; what else is thrown is a fault of ours and has one.
function complaintOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isExpected = error.constructor === Error || error instanceof Misuse
  return isExpected ? error.message : String(error.stack)
}
