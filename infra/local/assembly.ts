import { type ExecFileException, execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { refuse } from './refusal.ts'
import type { Template } from './template/template.ts'
import { createTemporaryFolder } from './temporary-folder.ts'

export type Assembly = AsyncDisposable & {
  readonly name: string
  readonly template: Template
  readonly assetFolder: (s3Key: string) => string | undefined
}

type Artifact = {
  readonly type: string
  readonly properties: { readonly templateFile: string; readonly stackName?: string }
}
type AssetManifest = {
  readonly files: Readonly<Record<string, { readonly source: { readonly path: string } }>>
}

const program = join(import.meta.dirname, 'synthesise.ts')

/**
 * Synthesises the stack as `cdk deploy` would, without the checks that only matter there. It is done in a process of its
 * own, because CDK would stay in memory as long as the server runs.
 */
export async function synthesise(
  context: Readonly<Record<string, string>>,
  synthesiser: string = program,
): Promise<Assembly> {
  await using made = new AsyncDisposableStack()
  const folder = createTemporaryFolder()
  made.defer(() => rm(folder, { recursive: true, force: true }))
  await runSynthesiser(synthesiser, folder, context)
  const assembly = readAssembly(folder)
  const kept = made.move()
  return { ...assembly, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

function runSynthesiser(file: string, folder: string, context: Readonly<Record<string, string>>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  execFile(process.execPath, ['--optimize-for-size', file, folder, JSON.stringify(context)], (error, _, complaint) => {
    if (error) reject(new Error(complaint.trim() || silentEndOf(error)))
    else resolve()
  })
  return promise
}

// Where the memory is used up, the system kills a process without a word.
const silentEndOf = ({ signal, code }: ExecFileException): string =>
  signal
    ? `The synthesis was ended by ${signal}. If the memory was used up, free some and try again.`
    : `The synthesis ended with ${code} and gave no reason. \`npm run synth\` may tell more.`

function readAssembly(folder: string): Omit<Assembly, typeof Symbol.asyncDispose> {
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const artifacts = Object.entries<Artifact>(read('manifest.json').artifacts)
  const stacks = artifacts.filter(([, { type }]) => type === 'aws:cloudformation:stack')
  const [stack] = stacks
  if (!stack || stacks.length > 1) return refuse(`The app has ${stacks.length} stacks; here it must be one.`)
  const [id, { properties }] = stack
  const { files }: AssetManifest = read(`${id}.assets.json`)
  return {
    name: properties.stackName ?? id,
    template: read(properties.templateFile),
    assetFolder: (s3Key) => {
      const asset = files[s3Key.replace(/\.zip$/, '')]
      return asset && join(folder, asset.source.path)
    },
  }
}
