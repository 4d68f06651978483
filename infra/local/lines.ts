import type { Readable } from 'node:stream'

/** Splits text that comes in pieces. Only a line feed ends a line: node:readline also splits at U+2028 and U+2029. */
function createLineSplitter() {
  let begun: string[] = []
  return {
    split(text: string): readonly string[] {
      const [first = '', ...more] = text.split('\n')
      begun.push(first)
      const last = more.pop()
      if (last === undefined) return []
      const lines = [begun.join(''), ...more]
      begun = [last]
      return lines
    },
    /** What comes after the last line feed. */
    rest: () => begun.join(''),
  }
}

/** Calls `onLine` for each line of a stream of UTF-8. */
export function onLines(input: Readable, onLine: (line: string) => void): void {
  const splitter = createLineSplitter()
  input.setEncoding('utf8')
  input.on('data', (text: string) => splitter.split(text).forEach(onLine))
  input.on('end', () => {
    if (splitter.rest() !== '') onLine(splitter.rest())
  })
}
