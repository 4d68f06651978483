import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pages, writePageOf } from './pages.ts'

const root = join(import.meta.dirname, '../../..')
for (const page of pages) writeFileSync(join(root, page), await writePageOf(root, page))
