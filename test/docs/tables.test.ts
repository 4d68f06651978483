import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { pages, writePageOf } from './tables/pages.ts'

const root = join(import.meta.dirname, '../..')

// REQ-13, REQ-25, REQ-96, REQ-150
test.each(pages)('%s is what `npm run tables` writes', async (path) => {
  const page = readFileSync(join(root, path), 'utf8')

  expect((await writePageOf(root, path)) === page ? 'fresh' : 'stale').toBe('fresh')
})
