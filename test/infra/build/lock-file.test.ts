import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'

const root = join(import.meta.dirname, '../../..')
const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'))

type Entry = {
  readonly version?: string
  readonly integrity?: string
  readonly resolved?: string
  readonly link?: boolean
  readonly inBundle?: boolean
  readonly hasInstallScript?: boolean
}
const packages: Readonly<Record<string, Entry>> = read('package-lock.json').packages
const installed = Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && !link)
const registry = 'https://registry.npmjs.org/'
const nameOf = (path: string) => path.replace(/.*node_modules\//, '')

// REQ-142, REQ-200
describe('the lock file', () => {
  test('has the hash of everything that is installed; what comes in a bundle has that of the bundle', () => {
    const unhashed = installed.filter(([, { integrity, inBundle }]) => !inBundle && !integrity?.startsWith('sha512-'))

    expect(installed.length).toBeGreaterThan(300)
    expect(unhashed.map(([path]) => path)).toEqual([])
  })

  test('pins the Node.js that runs this and builds the bundles', () => {
    const binary = `node_modules/node-${process.platform}-${process.arch}`

    expect(packages[binary]).toMatchObject({ version: process.versions.node, integrity: expect.any(String) })
    expect(process.execPath).toBe(join(root, binary, 'bin/node'))
  })

  test('has no package with an install script that package.json does not name', () => {
    const withScripts = installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path))
    const named = Object.keys(read('package.json').allowScripts)

    expect([...new Set(withScripts)].filter((name) => !named.includes(name))).toEqual([])
  })
})

// REQ-142
test.each(['bench', 'browser', 'mutation'])(
  'the lock file of test/%s has a hash of every package and nothing from another registry',
  (name) => {
    const entries = Object.entries<Entry>(read(`test/${name}/package-lock.json`).packages).filter(([path]) => path)
    const unhashed = entries.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))
    const elsewhere = entries.filter(([, { resolved = registry }]) => !resolved.startsWith(registry))

    expect([unhashed, elsewhere].map((found) => found.map(([path]) => path))).toEqual([[], []])
  },
)
