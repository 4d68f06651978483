import { mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stop } from 'esbuild'
import { createApp } from '../create-app.ts'
import { refuse } from './refusal.ts'
import type { Template } from './template.ts'

export type Assembly = AsyncDisposable & {
  readonly name: string
  readonly template: Template
  readonly assetFolder: (s3Key: string) => string | undefined
}

type AssetManifest = {
  readonly files: Readonly<Record<string, { readonly source: { readonly path: string } }>>
}

/** Synthesises the stack as `cdk deploy` would, without the checks that only matter there; `create` may add to it. */
export async function synthesise(
  context: Readonly<Record<string, string>>,
  create: typeof createApp = createApp,
): Promise<Assembly> {
  await using made = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-'))
  made.defer(() => rm(folder, { recursive: true, force: true }))
  const app = await create(context, folder)
  // Its service would stay beside the server for as long as that runs.
  await stop()
  const { stacks } = app.synth()
  const [stack] = stacks
  if (!stack || stacks.length > 1) return refuse(`The app has ${stacks.length} stacks; here it must be one.`)
  const manifest: AssetManifest = JSON.parse(readFileSync(join(folder, `${stack.id}.assets.json`), 'utf8'))
  const kept = made.move()
  return {
    name: stack.stackName,
    template: stack.template,
    assetFolder: (s3Key) => {
      const asset = manifest.files[s3Key.replace(/\.zip$/, '')]
      return asset && join(folder, asset.source.path)
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}
