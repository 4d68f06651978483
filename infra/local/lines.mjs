// @ts-check
// JavaScript, because each sandbox loads it: see lambda-bootstrap.mjs.

/** Splits text that comes in pieces. Only a line feed ends a line: node:readline also splits at U+2028 and U+2029. */
function createLineSplitter() {
  /** @type {string[]} */
  let begun = []
  return {
    /** @param {string} text */
    split(text) {
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

/**
 * Calls `onLine` for each line of a stream of UTF-8.
 * @param {import('node:stream').Readable} input
 * @param {(line: string) => void} onLine
 */
export function onLines(input, onLine) {
  const splitter = createLineSplitter()
  input.setEncoding('utf8')
  input.on('data', (/** @type {string} */ text) => {
    splitter.split(text).forEach(onLine)
  })
  input.on('end', () => {
    if (splitter.rest() !== '') onLine(splitter.rest())
  })
}
