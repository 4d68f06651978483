import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

const folder = join(import.meta.dirname, '../../infra/local')

test('the account on localhost has at most 4,500 lines of TypeScript', () => {
  const sizes = globSync('**/*.ts', { cwd: folder }).map(
    (file) => readFileSync(join(folder, file), 'utf8').split('\n').length - 1,
  )

  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(4500)
})
