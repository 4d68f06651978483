import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { bundle } from '../../../infra/build/bundle.ts'

function setUp(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const outdir = join(folder, 'dist')
  const run = (name: string, env: NodeJS.ProcessEnv = {}) =>
    execFileSync(process.execPath, [join(outdir, name, 'index.mjs')], { env, encoding: 'utf8' })
  return { folder, outdir, run, make: () => bundle(outdir, folder) }
}

test('every folder with an index.ts becomes one file, and nothing else is written', async () => {
  // REQ-141
  const { outdir, make } = setUp({
    'login/index.ts': "import { name } from '../domain/name.ts'\nconsole.log(name)",
    'login/index.test.ts': '',
    'me/index.ts': 'console.log(1)',
    'domain/name.ts': "export const name: string = 'ada'",
  })

  expect(await make()).toEqual([
    { name: 'login', bytes: expect.any(Number), packages: [] },
    { name: 'me', bytes: expect.any(Number), packages: [] },
  ])
  expect(readdirSync(outdir, { recursive: true }).sort()).toEqual(['login', 'login/index.mjs', 'me', 'me/index.mjs'])
})

test('a function whose name ends with that of another keeps its own code', async () => {
  const { make, run } = setUp({ 'email/index.ts': "console.log('email')", 'mail/index.ts': "console.log('mail')" })
  await make()

  expect([run('email'), run('mail')]).toEqual(['email\n', 'mail\n'])
})

test('a package that is imported when it is needed is a file of its own, beside each function that needs it', async () => {
  const { outdir, make, run } = setUp({
    'login/index.ts': "const { hashSync } = await import('bcryptjs'); console.log(hashSync('a', 4).slice(0, 7))",
    'me/index.ts': 'console.log(1)',
  })
  const [login] = await make()

  expect(readdirSync(outdir, { recursive: true }).sort()).toEqual([
    ...['login', 'login/bcryptjs.mjs', 'login/index.mjs'],
    ...['me', 'me/index.mjs'],
  ])
  expect([login?.packages, run('login')]).toEqual([[], '$2b$04$\n'])
})

test('a file of ours that is imported when it is needed is a file of its own too, beside each function that needs it', async () => {
  const { outdir, make, run } = setUp({
    'login/index.ts': "import { load } from '../domain/load.ts'\nconsole.log(await load())",
    'me/index.ts': 'console.log(1)',
    'domain/load.ts': "export const load = async () => (await import('./rooms/rare.ts')).rare",
    'domain/rooms/rare.ts':
      "import { hash } from 'node:crypto'\nexport const rare: string = hash('md5', 'a seldom used text')",
  })
  const [login] = await make()

  expect(readdirSync(outdir, { recursive: true }).sort()).toEqual([
    ...['login', 'login/index.mjs', 'login/rare.mjs'],
    ...['me', 'me/index.mjs'],
  ])
  expect(run('login')).toMatch(/^[0-9a-f]{32}\n$/)
  expect(readFileSync(join(outdir, 'login/index.mjs'), 'utf8')).not.toContain('a seldom used text')
  expect(login?.bytes).toBe(statSync(join(outdir, 'login/index.mjs')).size)
})

test('two imports that would become one file are refused', async () => {
  const { make } = setUp({
    'login/index.ts': "await import('../a/rare.ts')\nawait import('../b/rare.ts')",
    'a/rare.ts': 'console.log(1)',
    'b/rare.ts': 'console.log(2)',
  })

  await expect(make()).rejects.toThrow('Two imports would both become rare.mjs.')
})

test('a built-in of Node is there by name, by default and by require, and undici stays unloaded', async () => {
  const { make, run } = setUp({
    'login/index.ts': `
      import fs, { readFile } from 'node:fs/promises'
      import { request } from 'node:http'
      import { createHash } from 'crypto'
      const { join } = require('path')
      const loaded = process['moduleLoadList'].filter((name) => name.includes('undici'))
      console.log(fs.readFile === readFile, typeof request, typeof createHash, join('a', 'b'), loaded)`,
  })
  await make()

  expect(run('login')).toBe('true function function a/b []\n')
})

test('an SDK client takes its credentials only from the environment', async () => {
  const { make, run } = setUp({
    'login/index.ts': `
      import { defaultProvider } from '@aws-sdk/credential-provider-node'
      console.log(JSON.stringify(await defaultProvider()().catch((failure) => failure.message)))`,
  })
  await make()

  const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' }
  expect(JSON.parse(run('login', keys))).toEqual({ accessKeyId: 'id', secretAccessKey: 'secret' })
  expect(JSON.parse(run('login', { ...keys, AWS_SESSION_TOKEN: 'token' }))).toEqual({
    accessKeyId: 'id',
    secretAccessKey: 'secret',
    sessionToken: 'token',
  })
  expect(JSON.parse(run('login'))).toBe('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be in the environment.')
})

test('the same source makes the same bytes, wherever it lies', async () => {
  const files = {
    'login/index.ts': "import { ada } from '../domain/name.ts'\nconsole.log(ada)",
    'domain/name.ts': 'export const ada = 1',
  }
  const here = setUp(files)
  const there = setUp(files)
  await Promise.all([here.make(), there.make()])

  expect(readFileSync(join(here.outdir, 'login/index.mjs'))).toEqual(
    readFileSync(join(there.outdir, 'login/index.mjs')),
  )
})

test('the same source makes the same bytes in every process, also in one that has changed what a built-in of Node has', async () => {
  const { outdir, make } = setUp({
    'login/index.ts':
      "import { env, versions } from 'node:process'\nconsole.log([env, versions].map((each) => Object.keys(each)))",
  })
  const bytes = async () => {
    await make()
    return readFileSync(join(outdir, 'login/index.mjs'), 'utf8')
  }
  const before = await bytes()
  const added = 'zqxjkvbzqxjkvb'.repeat(50)
  Object.assign(process, { [added]: 1 })
  const after = await bytes()
  Reflect.deleteProperty(process, added)

  expect(after).toBe(before)
})

test('any number of bundlings at once leave whole files and nothing else', async () => {
  const { outdir, make, run } = setUp({ 'login/index.ts': "console.log('ada')", 'me/index.ts': 'console.log(1)' })
  await Promise.all(Array.from({ length: 10 }, make))

  expect(readdirSync(outdir, { recursive: true }).sort()).toEqual(['login', 'login/index.mjs', 'me', 'me/index.mjs'])
  expect(run('login')).toBe('ada\n')
})

test('a bundle that is up to date is left alone, so that nothing changes under those who read it', async () => {
  const { folder, outdir, make, run } = setUp({
    'login/index.ts': "const { hashSync } = await import('bcryptjs'); console.log(hashSync('a', 4).slice(0, 7))",
    'me/index.ts': 'console.log(1)',
  })
  const files = ['login/bcryptjs.mjs', 'login/index.mjs', 'me/index.mjs']
  const inodes = () => files.map((file) => statSync(join(outdir, file)).ino)
  await make()
  const before = inodes()
  await make()
  expect(inodes()).toEqual(before)

  writeFileSync(join(folder, 'me/index.ts'), 'console.log(2)')
  await make()
  expect(inodes().slice(0, 2)).toEqual(before.slice(0, 2))
  expect(run('me')).toBe('2\n')
})

test('a source that does not bundle fails with the place and the cause in one sentence', async () => {
  const { make } = setUp({ 'login/index.ts': "import { name } from './missing.ts'\nconsole.log(name)" })

  await expect(make()).rejects.toThrow(/^Bundling failed: \S*login\/index\.ts:1: Could not resolve "\.\/missing\.ts"$/)
})

test('a project without functions is refused', async () => {
  const { folder, make } = setUp({ 'domain/name.ts': '' })

  await expect(make()).rejects.toThrow(`Bundling failed: no folder of ${folder} has an index.ts.`)
})
