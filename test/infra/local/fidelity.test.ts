import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

const folder = join(import.meta.dirname, '../../../infra/local')

test('every point of the table of fidelity names the file that tests it', () => {
  const rows = readFileSync(join(folder, 'FIDELITY.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
  const files = rows.map((row) => /\]\(([^)]+\.test\.ts)\) *\|$/.exec(row)?.[1])

  expect(rows.length).toBeGreaterThan(30)
  expect(files.filter((file) => file === undefined || !existsSync(join(folder, file)))).toEqual([])
})
