import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { build } from 'esbuild'
import { readClientMetadata } from '../../functions/domain/clients/client-metadata.ts'
import { commands } from '../../infra/command-line/admin/commands.ts'
import { readSettings } from '../../infra/construct/settings/settings.ts'
import { createDataFolder } from '../support/local-server.ts'
import { type CodeFile, readCodeFiles, writeApp } from '../support/page-code.ts'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/apps.md'), 'utf8')
const files = readCodeFiles('docs/apps.md')
const endsWith = (...ends: readonly string[]) =>
  files.filter(({ name }) => ends.some((end) => name.endsWith(end))).map((file) => [file.name, file] as const)

/** The other files that a file of its section may import; React's are also those of a page without a server. */
const besides = ({ section, name }: CodeFile) =>
  files.filter((file) => file.name !== name && (file.section === section || file.name === 'session.js'))

test('the page has code for each kind of app', () => {
  expect(files.map(({ name }) => name)).toEqual([
    ...['shop-backend.json', 'backend.mjs'],
    ...['app/session.js', 'app/auth/[step]/route.js', 'app/api/[...path]/route.js'],
    ...['shop-page.json', 'session.js', 'main.js', 'index.html'],
    ...['index.html', 'main.jsx'],
    ...['shop-app.json', 'shop.mjs'],
  ])
})

test.each(endsWith('.json'))('%s is the metadata of a client', (_, { code }) => {
  expect(readClientMetadata(JSON.parse(code))).toMatchObject({ ok: true })
})

test.each(endsWith('.js', '.mjs', '.jsx'))('%s imports and calls only what its libraries have', async (name, file) => {
  using folder = createDataFolder()
  writeApp(folder.path, [file, ...besides(file)])
  const { errors, warnings } = await build({
    ...{ entryPoints: [join(folder.path, name)], bundle: true, write: false, logLevel: 'silent' },
    ...{ platform: 'node', format: 'esm', jsx: 'automatic', target: 'node24', preserveSymlinks: true },
    // Not among the packages of this repository.
    external: ['react', 'react-dom', 'react-oidc-context'],
  })

  expect([...errors, ...warnings].map(({ text }) => text)).toEqual([])
})

const allOf = (pattern: RegExp) => [...page.matchAll(pattern)].map(([, name = '']) => name)

test('its commands, settings and versions are those of this repository', () => {
  const { scripts, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const installed = [...page.matchAll(/ ([\w-]+)@(\d+)\b/g)].filter(([, name = '']) => name in devDependencies)

  expect(allOf(/npm (?:run )?(start|admin)\b/g).filter((name) => !(name in scripts))).toEqual([])
  expect(allOf(/admin -- ([\w-]+)/g).filter((name) => !commands.has(name))).toEqual([])
  expect(allOf(/-c (\w+)=/g).filter((name) => !(name in readSettings({})))).toEqual([])
  expect(installed.map(([, name = '', major]) => [name, major])).toEqual(
    installed.map(([, name = '']) => [name, devDependencies[name].split('.')[0]]),
  )
})
