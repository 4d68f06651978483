import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import manifest from '../../package.json' with { type: 'json' }

const rootDir = join(import.meta.dirname, '../..')

const suites: Readonly<Record<string, string>> = {
  'a good one': "test('x', () => expect(1).toBe(1))",
  'an assertion that fails': "test('x', () => expect(1).toBe(2))",
  'a test that throws what is no error': "test('x', () => { throw 'no error' })",
  'a test that is too slow': "test('x', () => new Promise((end) => setTimeout(end, 60_000)), 50)",
  'a hook that is too slow': "beforeAll(() => new Promise((end) => setTimeout(end, 60_000)), 50); test('x', () => {})",
  'a hook that throws': "afterAll(() => { throw new Error() }); test('x', () => {})",
  'fewer assertions than it says': "test('x', () => { expect.assertions(2); expect(1).toBe(1) })",
  'a promise that nobody waits for': "test('x', () => { expect(Promise.resolve(1)).rejects.toThrow() })",
  'a test that calls back': "test('x', (done) => done())",
  'a test to be written': "test.todo('x')",
  'a test that must fail': "test.failing('x', () => expect(1).toBe(2))",
  'one that throws as it is loaded': "test('x', () => {}); throw new Error()",
  'one without a test': '',
  'one that ends its process': "test('x', () => process.exit(0))",
}

test('a suite is green only if all in it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'runner-'))
  const report = join(folder, 'report.json')
  for (const [index, body] of Object.values(suites).entries()) {
    mkdirSync(join(folder, String(index)))
    const source = `import { afterAll, beforeAll, expect, test } from '@jest/globals'\n${body}\n`
    writeFileSync(join(folder, String(index), 'x.test.ts'), source)
  }
  const { globalSetup, ...jest } = manifest.jest
  const config = JSON.stringify({ ...jest, rootDir, roots: [folder] })
  const line = [
    'node_modules/jest/bin/jest.js',
    '--maxWorkers=2',
    '--json',
    `--outputFile=${report}`,
    '--config',
    config,
  ]
  const run = promisify(execFile)(process.execPath, line, { cwd: rootDir })

  await expect(run).rejects.toMatchObject({ code: 1 })
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'))
  const statuses = new Map<string, string>(
    testResults.map(({ name, status }: Record<string, string>) => [name, String(status)]),
  )
  const seen = Object.keys(suites).map((name, index) => [name, statuses.get(join(folder, String(index), 'x.test.ts'))])
  expect(Object.fromEntries(seen)).toEqual(
    Object.fromEntries(Object.keys(suites).map((name, index) => [name, index === 0 ? 'passed' : 'failed'])),
  )
  rmSync(folder, { recursive: true })
})
