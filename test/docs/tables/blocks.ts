/** The line that a generated block begins with, and the one that ends it. */
const beginning = (name: string): string => `<!-- ${name}: written by npm run tables -->`
const end = '<!-- end -->'

/**
 * Puts a text between the two lines of a block.
 * @throws Error where the page has no such block
 */
export function fillBlock(page: string, name: string, text: string): string {
  const from = page.indexOf(beginning(name))
  const to = page.indexOf(end, from)
  if (from < 0 || to < 0) throw new Error(`The page has no block ${name}.`)
  return `${page.slice(0, from)}${beginning(name)}\n\n${text}\n\n${page.slice(to)}`
}

/** A list item, wrapped at 118 characters. Links stay whole. */
export function listItem(text: string): string {
  const lines: string[] = []
  let line = '-'
  for (const [word] of text.matchAll(/(?:\[[^\]]*\]\([^)]*\)|\S)+/g)) {
    if (line.length + word.length < 118) line += ` ${word}`
    else {
      lines.push(line)
      line = `  ${word}`
    }
  }
  return [...lines, line].join('\n')
}

type Row = readonly string[]

/** A table whose columns are padded, as the formatter wants it. */
export function table(head: Row, rows: readonly Row[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  const line = (row: Row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
