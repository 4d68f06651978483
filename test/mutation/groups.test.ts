import { globSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { groups } from './groups.ts'

test('every file of the rules and of their border is held against tests once by `npm run mutate`', () => {
  const files = globSync('functions/{domain,http}/**/*.ts')
  const chosen = groups.flatMap((group) => globSync([...group.files]).filter((path) => path.endsWith('.ts')))

  expect(files.length).toBeGreaterThan(50)
  expect(chosen.sort()).toEqual(files.sort())
})

test.each(groups.flatMap(({ tests }) => tests))('a group names tests that exist: %s', (glob) => {
  expect(globSync(`test/${glob}.test.ts`).length).toBeGreaterThan(0)
})
