import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

const root = join(import.meta.dirname, '../..')

// REQ-128
test('the page has a row for every error that a client can get, and for no other', () => {
  const page = readFileSync(join(root, 'docs/http.md'), 'utf8')
  // An administrator's commands are not HTTP.
  const sources = globSync('functions/**/*.ts', { cwd: root, exclude: ['functions/admin'] })
  const real = sources.flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/error: '(\w+)'/g)].map(([, error]) => error),
  )

  const named = [...page.matchAll(/^\| `(\w+)` +\| (?:[45]\d\d|[a-z])/gm)].map(([, error]) => error)

  expect([...new Set(named)].sort()).toEqual([...new Set(real)].sort())
})
