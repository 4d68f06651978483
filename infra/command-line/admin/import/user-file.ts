import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { refuse } from '../../../local/refusal.ts'
import { type FileLine, linesOf } from './file-lines.ts'
import type { FormSettings, Reading } from './forms/form.ts'
import { readForm } from './forms/forms.ts'

/** A line of a file with users: a user, or what is wrong. `bytes` counts up to the line's end. */
export type UserLine = { readonly line: number; readonly bytes: number } & Reading

// A name, a hash and a scope at their longest come to less; some systems write much else about a user.
const longestUser = 8192
const longestLine = 262_144
const tooLong = { wrong: `The user is longer than ${longestUser} bytes.` }
const byteOrderMark = '\ufeff'

/**
 * Refuses a file before anything is read from it as users, because half an import cannot be taken back: one that is not
 * UTF-8, or not one JSON object per line.
 * @throws Error with the first bad line and how to convert the file.
 */
export async function refuseWrongFile(file: string): Promise<void> {
  if (!(await stat(file)).isFile())
    refuse(`${file} is not a regular file. It is read twice, so a pipe must be written to a file first.`)
  let isBlankSoFar = true
  for await (const line of readLines(file)) {
    checkEncoding(line)
    if (isBlankSoFar) isBlankSoFar = !checkForm(line.bytes.toString())
  }
}

const readLines = (file: string): AsyncGenerator<FileLine> => linesOf(createReadStream(file), longestLine)

function checkEncoding({ line, bytes, isWhole }: FileLine): void {
  const utf16 = line === 1 ? utf16Of(bytes) : undefined
  if (utf16 !== undefined)
    refuse(`The file is UTF-16, so nothing was imported. Convert it: iconv -f ${utf16} -t utf-8 OLD > NEW`)
  // What is cut may end within a character, and is left out anyway.
  if (!isWhole || isUtf8(bytes)) return
  refuse(`Line ${line} is not UTF-8, so nothing was imported. Convert the file: iconv -f latin1 -t utf-8 OLD > NEW`)
}

/** The kind of UTF-16, by its mark or by the zero byte beside the first character, as PowerShell and Excel write it. */
function utf16Of([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (first === undefined || second === undefined) return undefined
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le'
  return (first === 0xfe && second === 0xff) || (first === 0 && second !== 0) ? 'utf-16be' : undefined
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
        "line: python3 -c 'import csv, json, sys; [print(json.dumps(row)) for row in csv.DictReader(sys.stdin)]' < OLD > NEW" +
        '\nIts header must name the columns as import-users does: username,password_hash,sub',
    )
  }
  return first !== ''
}

/** Reads the lines of a file one after the other, however many there are. Blank ones are passed over. */
export async function* readUserLines(file: string, settings: FormSettings): AsyncGenerator<UserLine> {
  for await (const { line, bytes, end, isWhole } of readLines(file)) {
    const text = line === 1 ? bytes.toString().replace(byteOrderMark, '') : bytes.toString()
    if (text.trim() !== '') yield { line, bytes: end, ...(isWhole ? readUser(text, settings) : tooLong) }
  }
}

function readUser(text: string, settings: FormSettings): Reading {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { wrong: 'The line is not JSON.' }
  }
  const read = readForm(value, settings)
  return 'user' in read && isTooLong(read.user, read.user === value ? text : '') ? tooLong : read
}

// The text first: JSON.stringify exhausts the stack on what is nested deeper than so few bytes allow.
const isTooLong = (user: unknown, text: string): boolean =>
  Buffer.byteLength(text) > longestUser || Buffer.byteLength(JSON.stringify(user)) > longestUser
