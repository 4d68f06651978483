import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pagePath, writePage } from './page.ts'

const root = join(import.meta.dirname, '../../..')
writeFileSync(join(root, pagePath), writePage(root))
