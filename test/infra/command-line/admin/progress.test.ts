import { Writable } from 'node:stream'
import { expect, test } from '@jest/globals'
import { createProgress } from '../../../../infra/command-line/admin/progress.ts'

function setUp(isTTY: boolean) {
  const written: string[] = []
  const output = new Writable({
    write: (chunk, _, done) => {
      written.push(String(chunk))
      done()
    },
  })
  const clock = { now: 0 }
  return { progress: createProgress(Object.assign(output, { isTTY }), () => clock.now), written, clock }
}

test('on a terminal a bar is drawn over the one before, and wiped away at the end', () => {
  const { progress, written } = setUp(true)
  progress.draw(0, 'none')
  progress.draw(0.5, 'half')
  progress.draw(1.01, 'all')
  progress.clear()

  expect(written).toEqual([
    `\r\u001b[K[${' '.repeat(30)}]   0 % none`,
    `\r\u001b[K[${'#'.repeat(15)}${' '.repeat(15)}]  50 % half`,
    `\r\u001b[K[${'#'.repeat(30)}] 100 % all`,
    '\r\u001b[K',
  ])
})

test('without a terminal it is a line every five seconds', () => {
  const { progress, written, clock } = setUp(false)
  for (const [now, share] of [
    [0, 0],
    [4999, 0.1],
    [5000, 0.2],
    [9999, 0.3],
    [10_000, 0.4],
    [30_000, 1],
  ] as const) {
    clock.now = now
    progress.draw(share, `at ${now}`)
  }
  progress.clear()

  expect(written).toEqual(['20 %, at 5000\n', '40 %, at 10000\n', '100 %, at 30000\n'])
})
