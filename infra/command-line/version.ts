import { readFileSync } from 'node:fs'
import { join } from 'node:path'

// The package has this in a file at the same depth.
const manifest = join(import.meta.dirname, '../../package.json')

/** The version of Latchkey, as package.json has it. */
export const readVersion = (): string => String(JSON.parse(readFileSync(manifest, 'utf8')).version)
