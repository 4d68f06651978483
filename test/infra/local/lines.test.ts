import { Readable } from 'node:stream'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { onLines } from '../../../infra/local/lines.mjs'

const collect = async (text: string, cuts: readonly number[]) => {
  const bytes = Buffer.from(text)
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b)
  const pieces = () =>
    ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end)).filter(({ length }) => length > 0)
  const lines: string[] = []
  const input = Readable.from(pieces(), { objectMode: false })
  onLines(input, (line) => lines.push(line))
  await new Promise((resolve) => input.once('close', resolve))
  return lines
}

test.each([
  ['', []],
  ['a', ['a']],
  ['a\n', ['a']],
  ['a\nb', ['a', 'b']],
  ['\n\na', ['', '', 'a']],
  ['a\u2028b\u2029c\u0085d\rf\n', ['a\u2028b\u2029c\u0085d\rf']],
])('%j has the lines %j: only a line feed ends one', async (text, lines) => {
  expect(await collect(text, [])).toEqual(lines)
})

test('lines are the same, wherever the pieces are cut, in the middle of a character too', async () => {
  const text = fc
    .array(fc.constantFrom('a', '\n', '\r\n', '\u2028', 'é', '\u{1f600}', '{"x":1}'))
    .map((parts) => parts.join(''))
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat()), async (text, cuts) => {
      const lines = text.split('\n')
      const expected = lines.at(-1) === '' ? lines.slice(0, -1) : lines

      expect(await collect(text, cuts)).toEqual(expected)
    }),
  )
})
