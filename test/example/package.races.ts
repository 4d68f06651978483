import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { buildPackage } from '../../infra/build/package.ts'
import manifest from '../../package.json' with { type: 'json' }
import { countTypes, protection } from './protection.ts'

// The package is built and type-checked as an installation would.

const root = join(import.meta.dirname, '../..')

describe('the package', () => {
  const project = mkdtempSync(join(tmpdir(), 'latchkey-package-'))
  const installed = join(project, 'node_modules', manifest.name)
  const ready = install()

  afterAll(() => rmSync(project, { recursive: true, force: true }))

  /** As npm would, but that what it depends on is not copied. */
  async function install(): Promise<void> {
    mkdirSync(installed, { recursive: true })
    copyFileSync(join(root, 'package.json'), join(installed, 'package.json'))
    for (const folder of manifest.files) await buildPackage(join(installed, folder))
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
      symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name))
    }
    copyFileSync(join(root, 'test', 'example', 'shop.ts'), join(project, 'shop.ts'))
    writeFileSync(join(project, 'package.json'), '{"type":"module"}')
  }

  test('has all that it says it exports', async () => {
    await ready

    const { import: esm, require: cjs } = manifest.exports['.']
    const paths = [...Object.values(esm), ...Object.values(cjs), manifest.main, manifest.types, manifest.bin.latchkey]

    expect(paths.filter((path) => !existsSync(join(installed, path)))).toEqual([])
  })

  test('can be required by a CommonJS app', async () => {
    await ready
    const script = "console.log(typeof require('latchkey').TokenAuth)"

    expect(execFileSync(process.execPath, ['-e', script], { cwd: project, encoding: 'utf8' })).toBe('function\n')
  })

  test('has a command for administrators, which works on AWS and says so', async () => {
    await ready
    const command = join(installed, manifest.bin.latchkey)
    const run = (...args: readonly string[]) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
        cwd: project,
        encoding: 'utf8',
      })
      return { status, stdout, stderr }
    }

    expect(run('admin', '--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--function NAME') })
    expect(run('admin', 'show-user', 'ada')).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('or say which function in AWS: --stack NAME or --function NAME.'),
    })
    expect(run()).toMatchObject({ status: 2, stderr: expect.stringMatching(/^Which command\?/) })
  })

  test('is used as the example uses it, with nothing to build and nothing else to install', async () => {
    await ready
    const script =
      "const { app } = await import('./shop.ts'); console.log(JSON.stringify(app.synth().stacks[0].template))"
    const template = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: project,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })

    expect(countTypes(JSON.parse(template))).toMatchObject(protection)
  })

  test('has types that hold the example to them', async () => {
    await ready
    const options = { strict: true, noEmit: true, module: 'nodenext', target: 'es2024', types: [], skipLibCheck: true }
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }))
    const compile = () =>
      spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project], { encoding: 'utf8' })

    expect(compile().stdout).toBe('')
    const typo = "import type { TokenAuthProps } from 'latchkey'\nexport const props: TokenAuthProps = { isuer: '' }\n"
    writeFileSync(join(project, 'typo.ts'), typo)
    expect(compile().stdout).toContain("'isuer' does not exist in type 'TokenAuthProps'")
  })
})
