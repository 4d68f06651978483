import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'
import { printable } from '../command-line/terminal.ts'
import { refuse } from '../local/refusal.ts'
import { type Assembly, readStacks, type SynthesisedStack } from './assembly.ts'
import { createTemporaryFolder } from './temporary-folder.ts'

export type AppOptions = {
  /** Where the app is. */
  readonly folder: string
  /** A command that synthesises it. @default `cdk synth` of its own installation */
  readonly command?: string | undefined
  /** The stack that is wanted. @default the one with a TokenAuth */
  readonly stack?: string | undefined
  /** CDK context, for the app's own `cdk synth`. */
  readonly context: Readonly<Record<string, string>>
  /** The environment of the command. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Synthesises someone's app by its own command, and takes the stack with the log-in. @throws Error in one sentence. */
export async function synthesiseApp(options: AppOptions): Promise<Assembly> {
  await using made = new AsyncDisposableStack()
  const folder = createTemporaryFolder()
  made.defer(() => rm(folder, { recursive: true, force: true }))
  await runCommand(options, folder)
  if (!existsSync(join(folder, 'manifest.json')))
    refuse(
      `${nameOf(options)} wrote no assembly: it must write to the folder that CDK_OUTDIR names, as cdk synth does.`,
    )
  const stack = chooseStack(readStacks(folder), options.stack)
  const kept = made.move()
  return { ...stack, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

const nameOf = ({ command = 'cdk synth' }: AppOptions): string => `The app's own synthesis (${command})`

/** The function that is asked for the admin commands, by the outputs of the stacks that have one. */
export const adminFunctionsOf = ({ template }: SynthesisedStack): readonly string[] =>
  Object.entries(template.Outputs ?? {})
    .filter(([key]) => key.includes('AdminFunctionName'))
    .map(([, { Value }]) => String(Object(Value).Ref))

function chooseStack(stacks: readonly SynthesisedStack[], wanted: string | undefined): SynthesisedStack {
  const names = stacks.map(({ name }) => name).join(', ')
  const withLogin = stacks.filter((stack) => adminFunctionsOf(stack).length > 0)
  if (wanted !== undefined && !stacks.some(({ name }) => name === wanted))
    return refuse(`The app has no stack ${wanted}; it has ${names || 'none'}.`)
  const [stack, other] = withLogin.filter(({ name }) => wanted === undefined || name === wanted)
  if (!stack && wanted !== undefined)
    return refuse(`The stack ${wanted} has no TokenAuth, so there is no log-in to serve.`)
  if (!stack) return refuse(`The app has no TokenAuth in ${names || 'any stack'}: add one first, as docs/cdk.md shows.`)
  if (other)
    return refuse(
      `Several stacks have a TokenAuth: choose one by --stack, ${withLogin.map(({ name }) => name).join(' or ')}.`,
    )
  if (adminFunctionsOf(stack).length > 1)
    return refuse(`The stack ${stack.name} has several TokenAuth; only a stack with one can be served.`)
  return stack
}

// CDK's own command takes the output folder from its environment, and so does an app that runs without it. Without a
// terminal nothing can ask a question.
async function runCommand(options: AppOptions, outdir: string): Promise<void> {
  const { folder, command, context, environment } = options
  const settings = Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const program =
    command === undefined ? [process.execPath, findCdk(folder), 'synth', '--quiet', ...settings] : [command]
  const [file = '', ...args] = program
  const child = spawn(file, args, {
    cwd: folder,
    env: { ...environment, CDK_OUTDIR: outdir, CDK_OUTPUT: outdir },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: command !== undefined,
  })
  const [said, complaint, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  if (code !== 0) refuse(`${nameOf(options)} failed: ${lastWords(complaint) || lastWords(said) || `exit code ${code}`}`)
}

// Traces, and the lines in which CDK and compilers say only that something has failed.
const noise = /^at |^\^|^Node\.js v|Subprocess exited with|^Found \d+ errors?\b/

/** What went wrong stands in the last lines, before the trace. */
function lastWords(output: string): string {
  const lines = printable(stripVTControlCharacters(output))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !noise.test(line))
  return (lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? '').slice(0, 500)
}

/** CDK's command in the app's installation or one above it. */
function findCdk(folder: string): string {
  const file = join(folder, 'node_modules/aws-cdk/bin/cdk')
  if (existsSync(file)) return file
  const above = dirname(folder)
  if (above !== folder) return findCdk(above)
  return refuse('There is no CDK here: npm install --save-dev aws-cdk, or name a command by --app.')
}
