import { Writable } from 'node:stream'
import { expect, test } from '@jest/globals'
import { createProgressBar } from '../../../../infra/command-line/admin/progress-bar.ts'

function setUp(isTTY: boolean) {
  const written: string[] = []
  const output = new Writable({
    write: (chunk, _, done) => {
      written.push(String(chunk))
      done()
    },
  })
  return { bar: createProgressBar(Object.assign(output, { isTTY })), written }
}

test('a bar is drawn over the one before, and wiped away at the end', () => {
  const { bar, written } = setUp(true)
  bar.draw(0, 'none')
  bar.draw(0.5, 'half')
  bar.draw(1.01, 'all')
  bar.clear()

  expect(written).toEqual([
    `\r\u001b[K[${' '.repeat(30)}]   0 % none`,
    `\r\u001b[K[${'#'.repeat(15)}${' '.repeat(15)}]  50 % half`,
    `\r\u001b[K[${'#'.repeat(30)}] 100 % all`,
    '\r\u001b[K',
  ])
})

test('nothing is drawn without a terminal', () => {
  const { bar, written } = setUp(false)
  bar.draw(0.5, 'half')
  bar.clear()

  expect(written).toEqual([])
})
