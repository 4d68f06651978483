// What Node itself does not do, for everything that a suite imports: files of text, Jest's globals, and Latchkey by its name.
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

const instead = new Map([
  ['@jest/globals', new URL('./globals.js', import.meta.url).href],
  ['latchkey', new URL('../../infra/index.ts', import.meta.url).href],
])

registerHooks({
  resolve(specifier, context, next) {
    const url = instead.get(specifier)
    return url === undefined ? next(specifier, context) : { url, shortCircuit: true }
  },
  load(url, context, next) {
    if (!url.endsWith('.txt')) return next(url, context)
    const text = readFileSync(fileURLToPath(url), 'utf8')
    return { format: 'module', source: `export default ${JSON.stringify(text)}`, shortCircuit: true }
  },
})
