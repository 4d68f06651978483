import { printable } from './terminal.ts'

/**
 * Runs what it is given with the arguments of the process, and leaves its exit code: what it gives, or 1 where it fails.
 * A plain Error says what to do and needs no stack trace; whatever else is thrown is a fault of ours and has one.
 */
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
