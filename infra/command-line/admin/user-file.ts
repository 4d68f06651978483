import { createReadStream } from 'node:fs'
import { linesOf } from '../../local/lines.ts'

/** A line of a file with users: a user as far as it is JSON, or what is wrong. `bytes` counts up to the line's end. */
export type UserLine = { readonly line: number; readonly bytes: number } & (
  | { readonly user: unknown }
  | { readonly wrong: string }
)

// A name, a hash and a scope at their longest come to less.
const longestLine = 8192

/** Reads the lines of a file one after the other, however many there are. Blank ones are passed over. */
export async function* readUserLines(file: string): AsyncGenerator<UserLine> {
  let line = 0
  let bytes = 0
  for await (const text of linesOf(createReadStream(file))) {
    line += 1
    bytes += Buffer.byteLength(text) + 1
    if (text.trim() !== '') yield { line, bytes, ...readUser(text) }
  }
}

function readUser(text: string): { readonly user: unknown } | { readonly wrong: string } {
  if (text.length > longestLine) return { wrong: `The line is longer than ${longestLine} characters.` }
  try {
    return { user: JSON.parse(text) }
  } catch {
    return { wrong: 'The line is not JSON.' }
  }
}
