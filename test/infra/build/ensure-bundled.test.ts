import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { bundleWhatChanged } from '../../../infra/build/ensure-bundled.ts'

const files = {
  'login/index.ts': "import { ada } from '../domain/name.ts'\nconsole.log(ada, await import('../domain/rare.ts'))",
  'me/index.ts': 'console.log(1)',
  'domain/name.ts': 'export const ada = 1',
  'domain/rare.ts': 'export const rare = 1',
}

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'))
  const source = join(folder, 'functions')
  const outdir = join(folder, 'dist')
  const write = (path: string, text: string) => {
    const file = join(source, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    // As if it had been there for long.
    utimesSync(file, 1, 1)
  }
  for (const [path, text] of Object.entries(files)) write(path, text)
  const output = (path: string) => readFileSync(join(outdir, path), 'utf8')
  const record = join(folder, 'cache', 'record.json')
  const writtenAt = () => statSync(record).mtimeMs
  return {
    source,
    outdir,
    record,
    write,
    output,
    writtenAt,
    ensure: () => bundleWhatChanged({ outdir, source, record }),
  }
}

test('what is up to date is not made again', async () => {
  const { ensure, writtenAt } = setUp()
  await ensure()
  const before = writtenAt()
  await ensure()

  expect(writtenAt()).toBe(before)
})

test('the record of a project says nothing about a copy of it', async () => {
  const { ensure, source, record } = setUp()
  await ensure()
  const outdir = mkdtempSync(join(tmpdir(), 'copy-'))
  await bundleWhatChanged({ outdir, source, record })

  expect(readFileSync(join(outdir, 'me/index.mjs'), 'utf8')).toContain('console.log(1)')
})

test.each([
  ['a function', 'me/index.ts', 'me/index.mjs'],
  ['what a function imports', 'domain/name.ts', 'login/index.mjs'],
  ['what a function imports when it needs it', 'domain/rare.ts', 'login/rare.mjs'],
])('where %s has changed it is made again, whatever the time of the file says', async (_, changed, output) => {
  const files = setUp()
  await files.ensure()
  files.write(changed, "export const ada = 'changed'\nexport const rare = ada\nconsole.log(rare)")
  await files.ensure()

  expect(files.output(output)).toContain('changed')
})

test('a function that comes is made, and a bundle that is missing or changed is made again', async () => {
  const { ensure, write, output, outdir } = setUp()
  await ensure()
  const whole = output('login/index.mjs')
  write('token/index.ts', "console.log('token')")
  rmSync(join(outdir, 'me'), { recursive: true })
  await ensure()
  writeFileSync(join(outdir, 'login/index.mjs'), 'throw 1')
  await ensure()

  expect([output('token/index.mjs'), output('login/index.mjs')]).toEqual([expect.stringContaining('token'), whole])
  expect(output('me/index.mjs')).not.toBe('')
})

test('a source that does not bundle fails each time', async () => {
  const { ensure, write } = setUp()
  await ensure()
  write('me/index.ts', "import './missing.ts'")

  for (let asked = 0; asked < 2; asked++) await expect(ensure()).rejects.toThrow('Could not resolve "./missing.ts"')
})

test('a file that changes while it is bundled is asked for again', async () => {
  const { ensure, source, output, record } = setUp()
  // A time to come stands for one that is not over when the bundling begins.
  utimesSync(join(source, 'domain/name.ts'), 9_999_999_999, 9_999_999_999)
  await ensure()

  expect(() => readFileSync(record)).toThrow('ENOENT')
  expect(output('login/index.mjs')).not.toBe('')
})
