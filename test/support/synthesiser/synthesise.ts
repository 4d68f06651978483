import { createApp } from '../../../infra/create-app.ts'

/** What to make a stack of. Its files are written into `outdir` where that is given. */
export type Question = {
  readonly context: Readonly<Record<string, unknown>>
  readonly outdir?: string
  readonly target?: 'AWS' | 'localhost'
}

export type Made = {
  readonly template: {
    readonly Resources: Readonly<Record<string, unknown>>
    readonly Outputs: Readonly<Record<string, unknown>>
  }
  readonly tags: Readonly<Record<string, string>>
  readonly terminationProtection: boolean
}

export async function synthesiseHere({ context, ...options }: Question): Promise<Made> {
  const [stack] = (await createApp(context, options)).synth().stacks
  if (!stack) throw new Error('The app has no stack.')
  const { template, tags, terminationProtection = false } = stack
  return { template, tags, terminationProtection }
}
