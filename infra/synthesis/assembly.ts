import { type ExecFileException, execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { refuse } from '../local/refusal.ts'
import type { Place } from '../local/template/physical-ids.ts'
import type { Template } from '../local/template/template.ts'
import { createTemporaryFolder } from './temporary-folder.ts'

/** A stack as CDK has synthesised it. */
export type SynthesisedStack = {
  readonly name: string
  readonly template: Template
  /** Where the app says that it is deployed to, if it does. */
  readonly place?: Place
  /** The folder or file of the asset that CloudFormation knows by its S3 key. */
  readonly assetFolder: (s3Key: string) => string | undefined
}

export type Assembly = AsyncDisposable & SynthesisedStack

type Artifact = {
  readonly type: string
  readonly environment?: string
  readonly properties: { readonly templateFile?: string; readonly stackName?: string; readonly directoryName?: string }
}
type AssetManifest = {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string }
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>
      }
    >
  >
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
  const stacks = readStacks(folder)
  const [stack] = stacks
  if (!stack || stacks.length > 1) return refuse(`The app has ${stacks.length} stacks; here it must be one.`)
  const kept = made.move()
  return { ...stack, [Symbol.asyncDispose]: () => kept.disposeAsync() }
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

/** The stacks in a folder that CDK has written, those of its stages too. */
export function readStacks(folder: string): readonly SynthesisedStack[] {
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const artifacts = Object.entries<Artifact>(read('manifest.json').artifacts ?? {})
  return artifacts.flatMap(([id, { type, properties, environment }]) => {
    const { templateFile, directoryName, stackName = id } = properties ?? {}
    if (type === 'cdk:cloud-assembly' && directoryName !== undefined) return readStacks(join(folder, directoryName))
    if (type !== 'aws:cloudformation:stack' || templateFile === undefined) return []
    const place = placeIn(environment)
    return [
      {
        name: stackName,
        template: read(templateFile),
        ...(place && { place }),
        assetFolder: readAssets(folder, read(`${id}.assets.json`)),
      },
    ]
  })
}

// aws://ACCOUNT/REGION, each `unknown-…` where the stack does not say.
function placeIn(environment = ''): Place | undefined {
  const [, account, region] = /^aws:\/\/(\d{12}|unknown-account)\/([\w-]+)$/.exec(environment) ?? []
  if (account === undefined || region === undefined || environment.includes('//unknown-account/unknown-'))
    return undefined
  return {
    account: account === 'unknown-account' ? '000000000000' : account,
    region: region === 'unknown-region' ? 'us-east-1' : region,
  }
}

function readAssets(folder: string, { files }: AssetManifest): SynthesisedStack['assetFolder'] {
  const paths = new Map(
    Object.values(files).flatMap(({ source, destinations }) =>
      Object.values(destinations).map(({ objectKey }) => [objectKey, source.path] as const),
    ),
  )
  return (s3Key) => {
    const path = paths.get(s3Key)
    return path === undefined ? undefined : join(folder, path)
  }
}
