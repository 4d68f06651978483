/** Writes one line of the log. */
export type WriteLine = (line: string) => void

// Past the console, which would put time and request id before the text, so that a line is JSON and nothing else.
export const writeLine: WriteLine = (line) => {
  process.stdout.write(`${line}\n`)
}

/** One line of JSON. JSON.stringify escapes every control character, so no value can forge a line (REQ-123). */
export const logLine = (milliseconds: number, entry: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ time: new Date(milliseconds).toISOString(), ...entry })
