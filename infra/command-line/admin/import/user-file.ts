import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { linesOf } from '../../../local/lines.ts'
import { refuse } from '../../../local/refusal.ts'
import type { FormSettings, Reading } from './forms/form.ts'
import { readForm } from './forms/forms.ts'

/** A line of a file with users: a user as far as it is one, or what is wrong. `bytes` counts up to the line's end. */
export type UserLine = { readonly line: number; readonly bytes: number } & Reading

// A name, a hash and a scope at their longest come to less; some systems write much else about a user.
const longestUser = 8192
const longestLine = 262_144
const lineFeed = 0x0a
const byteOrderMark = '\ufeff'

/**
 * Refuses a file before anything is read from it as users, because half an import cannot be taken back: one that is not
 * UTF-8, or not one JSON object per line.
 * @throws Error with the first bad line and how to convert the file.
 */
export async function refuseWrongFile(file: string): Promise<void> {
  let line = 1
  let begun: Buffer[] = []
  let isBlankSoFar = true
  const check = (bytes: Buffer) => {
    checkEncoding(bytes, line)
    if (isBlankSoFar) isBlankSoFar = !checkForm(bytes.toString())
  }
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let from = 0
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, from)) {
      check(Buffer.concat([...begun, chunk.subarray(from, at)]))
      ;[begun, from, line] = [[], at + 1, line + 1]
    }
    begun.push(chunk.subarray(from))
    // A file without line ends, such as an array on one line, is judged by its beginning.
    const beginning = begun[0]?.toString('utf8', 0, longestUser) ?? ''
    if (isBlankSoFar && /^\s*[[{]/.test(beginning)) checkForm(beginning)
  }
  check(Buffer.concat(begun))
}

function checkEncoding(bytes: Buffer, line: number): void {
  if (isUtf8(bytes)) return
  refuse(`Line ${line} is not UTF-8, so nothing was imported. Convert the file: iconv -f latin1 -t utf-8 OLD > NEW`)
}

/** False for a blank line, which says nothing of the form. */
function checkForm(text: string): boolean {
  const first = text.replace(byteOrderMark, '').trimStart()
  if (first.startsWith('[')) {
    refuse(
      'The file is a JSON array, so nothing was imported. Convert it to one object per line: ' +
        "node -e 'for (const user of JSON.parse(fs.readFileSync(0))) console.log(JSON.stringify(user))' < OLD > NEW",
    )
  }
  if (/^\{\s*(?:$|"users"\s*:\s*\[)/.test(first)) {
    refuse(
      'The file is one JSON object over several lines, or has its users in a list, so nothing was imported. Convert it to ' +
        'one user per line: ' +
        "node -e 'for (const user of JSON.parse(fs.readFileSync(0)).users) console.log(JSON.stringify(user))' < OLD > NEW",
    )
  }
  if (/^[^{\s]/.test(first)) {
    refuse(
      'The first line is not a JSON object, so nothing was imported. Convert a CSV file with a header to one object per ' +
        "line: python3 -c 'import csv, json, sys; [print(json.dumps(row)) for row in csv.DictReader(sys.stdin)]' < OLD > NEW",
    )
  }
  return first !== ''
}

/** Reads the lines of a file one after the other, however many there are. Blank ones are passed over. */
export async function* readUserLines(file: string, settings: FormSettings): AsyncGenerator<UserLine> {
  let line = 0
  let bytes = 0
  for await (const text of linesOf(createReadStream(file))) {
    line += 1
    bytes += Buffer.byteLength(text) + 1
    const read = line === 1 ? text.replace(byteOrderMark, '') : text
    if (read.trim() !== '') yield { line, bytes, ...readUser(read, settings) }
  }
}

function readUser(text: string, settings: FormSettings): Reading {
  const tooLong = { wrong: `The user is longer than ${longestUser} bytes.` }
  if (text.length > longestLine) return tooLong
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { wrong: 'The line is not JSON.' }
  }
  const read = readForm(value, settings)
  return 'user' in read && Buffer.byteLength(JSON.stringify(read.user)) > longestUser ? tooLong : read
}
