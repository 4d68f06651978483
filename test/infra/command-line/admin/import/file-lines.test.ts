import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { linesOf } from '../../../../../infra/command-line/admin/import/file-lines.ts'

/** The lines of these bytes, that come in pieces. */
async function collect(bytes: Buffer, cuts: readonly number[], longest: number) {
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b)
  async function* pieces() {
    for (const [index, end] of ends.entries()) yield bytes.subarray(ends[index - 1] ?? 0, end)
  }
  const lines = []
  for await (const { bytes: kept, ...line } of linesOf(pieces(), longest)) lines.push({ ...line, text: String(kept) })
  return lines
}

test('lines are numbered, and say where they end in the file; only a line feed ends one', async () => {
  expect(await collect(Buffer.from('a\r\n\nb\u2028c\u0085\n{}'), [], 10)).toEqual([
    { line: 1, text: 'a\r', end: 3, isWhole: true },
    { line: 2, text: '', end: 4, isWhole: true },
    { line: 3, text: 'b\u2028c\u0085', end: 12, isWhole: true },
    { line: 4, text: '{}', end: 14, isWhole: true },
  ])
})

test('lines are the same, wherever the pieces are cut, in the middle of a character too', async () => {
  const part = fc.constantFrom('a', '\n', '\r\n', '\u2028', 'é', '\u{1f600}', '{"x":1}')
  await fc.assert(
    fc.asyncProperty(fc.array(part), fc.array(fc.nat()), async (parts, cuts) => {
      const text = parts.join('')
      const lines = text.split('\n')
      const expected = lines.at(-1) === '' ? lines.slice(0, -1) : lines

      expect((await collect(Buffer.from(text), cuts, 1000)).map((line) => line.text)).toEqual(expected)
    }),
  )
})

test('of a line that is too long no more is kept than the limit, however long it is', async () => {
  const chunk = Buffer.alloc(65_536, 'x')
  async function* pieces() {
    yield Buffer.from('a\n')
    for (let piece = 0; piece < 16_384; piece += 1) yield chunk
    yield Buffer.from('\nb')
  }
  const lines = []
  for await (const { bytes, line, isWhole } of linesOf(pieces(), 100_000)) lines.push([line, bytes.length, isWhole])

  expect(lines).toEqual([
    [1, 1, true],
    [2, 100_000, false],
    [3, 1, true],
  ])
})
