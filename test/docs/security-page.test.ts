import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { itemKinds } from '../../infra/construct/auth-table.ts'

const page = readFileSync(join(import.meta.dirname, '../../SECURITY.md'), 'utf8')

// REQ-144
test('the inventory names every kind of item that the table may hold', () => {
  const named = [...page.matchAll(/`([A-Z]+(?:#(?:\w+#)*(?:https:\/\/|lk_)?)?)`/g)].map(([, name]) => name)

  expect([...new Set(named)].sort()).toEqual(
    Object.values(itemKinds)
      .map((pattern) => pattern.replace('*', ''))
      .sort(),
  )
})
