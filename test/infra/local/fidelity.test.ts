import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

const root = join(import.meta.dirname, '..', '..', '..')

test('every point of the table of fidelity has its test', () => {
  const table = readFileSync(join(root, 'infra', 'local', 'FIDELITY.md'), 'utf8')
  const titles = table.split('\n').flatMap((line) => /^\|.*\| (.*?) *\|$/.exec(line)?.[1] ?? [])
  const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.endsWith('fidelity.test.ts'))
    .map((name) => readFileSync(join(root, 'test', name), 'utf8'))
    .join('\n')

  expect(titles.length).toBeGreaterThan(30)
  expect(titles.filter((title) => !/^(test|-*)$/.test(title) && !tests.includes(`'${title}'`))).toEqual([])
})
