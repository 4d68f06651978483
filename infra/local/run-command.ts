import { printable } from '../command-line/terminal.ts'
import { type CommandLine, readCommandLine } from './command-line.ts'

/**
 * Runs a command and leaves its exit code: what it gives, 1 where it fails, 2 where it was not called as it must be.
 * A plain Error says what to do and needs no stack trace; whatever else is thrown is a fault of ours and has one.
 */
export async function runCommand(
  usage: string,
  operands: number,
  command: (line: CommandLine) => Promise<number>,
): Promise<void> {
  const line = readCommandLine(process.argv.slice(2))
  if (line?.operands.length !== operands) {
    process.stderr.write(`Usage: ${usage}\n`)
    process.exitCode = 2
    return
  }
  await runProgram(() => command(line))
}

/** Runs what it is given with the arguments of the command line, and leaves its exit code, as runCommand does. */
export async function runProgram(program: (args: readonly string[]) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await program(process.argv.slice(2))
  } catch (error) {
    const expected = error instanceof Error && error.constructor === Error
    // A message may quote a file.
    process.stderr.write(
      `${printable(String(expected ? error.message : error instanceof Error ? error.stack : error))}\n`,
    )
    process.exitCode = 1
  }
}

/** Standard output belongs to a command's answer, so what functions log goes to standard error. */
export const logToStderr = (source: string, line: string) => void process.stderr.write(`${source}: ${line}\n`)
