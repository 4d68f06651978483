import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { synthesiseApp } from '../../../infra/synthesis/app-assembly.ts'

type StackFile = { readonly name: string; readonly logins?: number; readonly environment?: string }

const templateOf = ({ logins = 1 }: StackFile) => ({
  Resources: {},
  Outputs: Object.fromEntries(
    Array.from({ length: logins }, (_, index) => [
      `Auth${index}AdminFunctionName`,
      { Value: { Ref: `admin${index}` } },
    ]),
  ),
})

/** A command that writes these stacks as CDK does, or does what a test wants instead. */
function commandFor(stacks: readonly StackFile[], more = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'own-app-'))
  const artifacts = Object.fromEntries(
    stacks.map(({ name, environment = 'aws://unknown-account/unknown-region' }) => [
      name,
      { type: 'aws:cloudformation:stack', environment, properties: { templateFile: `${name}.json` } },
    ]),
  )
  const files = [
    ['manifest.json', { artifacts }],
    ...stacks.flatMap((stack) => [
      [`${stack.name}.json`, templateOf(stack)],
      [`${stack.name}.assets.json`, { files: {} }],
    ]),
  ]
  const script = `${more}
    for (const [name, text] of ${JSON.stringify(files)})
      require('node:fs').writeFileSync(process.env.CDK_OUTDIR + '/' + name, JSON.stringify(text))`
  writeFileSync(join(folder, 'synth.cjs'), script)
  return `"${process.execPath}" "${join(folder, 'synth.cjs')}"`
}

const synthesise = (command: string | undefined, stack?: string) =>
  synthesiseApp({ folder: tmpdir(), command, stack, context: {}, environment: { PATH: '/usr/bin:/bin' } })

describe("someone's app", () => {
  test('is served by its only stack with a log-in', async () => {
    await using assembly = await synthesise(commandFor([{ name: 'Data', logins: 0 }, { name: 'Shop' }]))

    expect([assembly.name, assembly.place]).toEqual(['Shop', undefined])
  })

  test('is served by the stack that is named, where the app says', async () => {
    const stacks = [{ name: 'Dev' }, { name: 'Prod', environment: 'aws://123456789012/eu-central-1' }]
    await using assembly = await synthesise(commandFor(stacks), 'Prod')

    expect([assembly.name, assembly.place]).toEqual(['Prod', { account: '123456789012', region: 'eu-central-1' }])
  })

  test.each<[string, string | undefined, string | undefined, RegExp]>([
    [
      'without a TokenAuth',
      commandFor([{ name: 'Data', logins: 0 }]),
      undefined,
      /^The app has no TokenAuth in Data: /,
    ],
    ['without a stack', commandFor([]), undefined, /^The app has no TokenAuth in any stack: /],
    [
      'with two stacks',
      commandFor([{ name: 'Dev' }, { name: 'Prod' }]),
      undefined,
      /choose one by --stack, Dev or Prod\.$/,
    ],
    [
      'with two TokenAuth',
      commandFor([{ name: 'Shop', logins: 2 }]),
      undefined,
      /^The stack Shop has several TokenAuth/,
    ],
    [
      'without the stack that is named',
      commandFor([{ name: 'Shop' }]),
      'Other',
      /^The app has no stack Other; it has Shop\.$/,
    ],
    [
      'whose stack has none',
      commandFor([{ name: 'A', logins: 0 }, { name: 'B' }]),
      'A',
      /^The stack A has no TokenAuth/,
    ],
    [
      'whose synthesis fails',
      commandFor([], "throw new Error('Set a domain.')"),
      undefined,
      /synthesis \(.*\) failed: Error: Set a domain\.$/,
    ],
    [
      'whose code has a wrong type, as CDK and a compiler with colours tell it',
      commandFor(
        [],
        `process.stdout.write('\\x1b[96mlib/app.ts\\x1b[0m:17:48 - \\x1b[91merror\\x1b[0m TS2353: No nope.\\n\\nFound 1 error in lib/app.ts')
        process.stderr.write('npx tsc && npx tsx bin/app.ts: Subprocess exited with error 1')
        process.exit(1)`,
      ),
      undefined,
      /failed: lib\/app\.ts:17:48 - error TS2353: No nope\.$/,
    ],
    ['whose synthesis says nothing', commandFor([], 'process.exit(3)'), undefined, /failed: exit code 3$/],
    [
      'whose synthesis asks',
      commandFor([], "if (require('node:fs').readFileSync(0).length === 0) throw new Error('No answer.')"),
      undefined,
      /No answer\.$/,
    ],
    [
      'whose command writes nothing',
      'true',
      undefined,
      /\(true\) wrote no assembly: it must write to the folder that CDK_OUTDIR names/,
    ],
    ['without CDK', undefined, undefined, /^There is no CDK here: npm install --save-dev aws-cdk/],
  ])('%s is told so in one sentence', async (_, command, stack, sentence) => {
    await expect(synthesise(command, stack)).rejects.toThrow(sentence)
  })
})
