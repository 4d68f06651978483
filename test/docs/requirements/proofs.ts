import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A test, or a group of tests, that names the requirements which it proves. */
export type Proof = { readonly numbers: readonly number[]; readonly path: string; readonly title: string }

type Lines = readonly string[]

/** All tests under `test/` that say `// SECURITY 64 to 71, 83`, in the order of their files and lines. */
export function readProofs(root: string): readonly Proof[] {
  const paths = globSync('test/**/*.ts', {
    cwd: root,
    exclude: ['test/docs/requirements*', 'test/docs/requirements/*'],
  }).map((path) => path.replaceAll('\\', '/'))
  return paths.sort().flatMap((path) => proofsOf(path, readFileSync(join(root, path), 'utf8')))
}

/** @throws Error for a comment that says something else than numbers, or belongs to no test. */
export function proofsOf(path: string, source: string): readonly Proof[] {
  const lines = source.split('\n')
  return lines.flatMap((line, index) => {
    const [, said] = /\/\/ SECURITY\b(.*)/.exec(line) ?? []
    if (said === undefined) return []
    const numbers = readNumbers(said)
    const below = lineBelow(lines, index)
    const title = numbers.length > 0 ? (tableName(lines[below]) ?? titleOf(lines, subjectOf(lines, index))) : undefined
    if (title === undefined) throw new Error(`${path}:${index + 1} names no requirement of a test: ${line.trim()}`)
    return [{ numbers, path, title }]
  })
}

// "7 to 12, 53", and perhaps a colon and a sentence.
export function readNumbers(said: string): readonly number[] {
  const [list = ''] = /^ \d+(?: to \d+)?(?:(?:,| and) \d+(?: to \d+)?)*(?=:|$)/.exec(said.trimEnd()) ?? []
  return [...list.matchAll(/(\d+)(?: to (\d+))?/g)].flatMap(([, from, to = from]) =>
    Array.from({ length: Number(to) - Number(from) + 1 }, (_, step) => Number(from) + step),
  )
}

const starts = /^\s*(?:describe|test)[.(]/
const indentOf = (line = ''): number => line.search(/\S|$/)

const lineBelow = (lines: Lines, comment: number): number =>
  lines.findIndex((line, index) => index > comment && !/^\s*(?:\/\/.*)?$/.test(line))

// A table of cases stands for the tests that go through it, and is called as it is.
function tableName(line = ''): string | undefined {
  const [, name] = /^(?:export )?const (\w+).* = \[/.exec(line) ?? []
  return name && `${name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`)} …`
}

// The test below the comment, or the one that it stands in.
function subjectOf(lines: Lines, comment: number): number {
  const below = lineBelow(lines, comment)
  return starts.test(lines[below] ?? '') ? below : above(lines, comment)
}

// The code is formatted, so what a line stands in is the nearest line before that is indented less.
function above(lines: Lines, from: number): number {
  const indent = indentOf(lines[from])
  const found = lines.findLastIndex((line, index) => index < from && line !== '' && indentOf(line) < indent)
  if (found < 0 || starts.test(lines[found] ?? '')) return found
  // The head of a table of cases ends where its title begins.
  const isTail = /^\s*\]\)\(/.test(lines[found] ?? '')
  const head = (line: string, index: number) =>
    index < found && starts.test(line) && indentOf(line) === indentOf(lines[found])
  return isTail ? lines.findLastIndex(head) : above(lines, found)
}

// With the titles of the groups that it stands in, which together make a sentence; a group's own is left open.
function titleOf(lines: Lines, subject: number): string | undefined {
  const own = fullTitle(lines, subject)
  const isOpen = own !== undefined && /^\s*describe/.test(lines[subject] ?? '') && !own.endsWith('…')
  return isOpen ? `${own} …` : own
}

function fullTitle(lines: Lines, subject: number): string | undefined {
  const own = subject < 0 ? undefined : titleAt(lines.slice(subject).join('\n'))
  const outer = own === undefined ? -1 : above(lines, subject)
  return outer < 0 ? own : `${fullTitle(lines, outer)} ${own}`
}

const text = /(['"`])((?:\\.|(?!\1)[^\\])*)\1/.source
const title = new RegExp(
  `^\\s*(?:describe|test)(?:\\(\\s*${text}|\\..*?\\)\\(\\s*${text.replaceAll('\\1', '\\3')})`,
  's',
)

// What stands for a case of a table is left out.
function titleAt(source: string): string | undefined {
  const [, , plain, , ofTable] = title.exec(source) ?? []
  const found = plain ?? ofTable
  return found?.replace(/\\(['"`])/g, '$1').replace(/%(?:\.\d+)?[a-z#]|\$\{\w+\}|\$\w+/g, '…')
}
