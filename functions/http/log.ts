/** Writes one line of the log. */
export type WriteLine = (line: string) => void

// Not console.log, which Lambda prefixes with time and request id: a line must be JSON and nothing else.
export const writeLine: WriteLine = (line) => {
  process.stdout.write(`${line}\n`)
}

/** One line of JSON. JSON.stringify escapes control characters, so no value can forge a line (REQ-123). */
export const logLine = (milliseconds: number, entry: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ time: new Date(milliseconds).toISOString(), ...entry })
