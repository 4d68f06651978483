import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { Duplex, Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { onLines } from '../lines.mjs'

export type Invocation = {
  readonly payload: string
  readonly functionError?: 'Unhandled'
  /** What the function has written since its last answer. */
  readonly log?: string
}

export type SandboxOptions = {
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  readonly functionArn: string
  readonly memory: number
  readonly timeout: number
  /** Folders in which modules are looked for that the function does not have: its layers, and for the AWS SDK others. */
  readonly modules?: { readonly layers: readonly string[]; readonly sdkFrom: readonly string[] }
  readonly log: (line: string) => void
}

export type Sandbox = {
  /** One event at a time. */
  readonly invoke: (payload: string) => Promise<Invocation>
  /** Settles when the function is loaded, or has failed to. */
  readonly initialised: Promise<unknown>
  readonly usable: () => boolean
  readonly end: () => Promise<void>
}

const bootstrap = fileURLToPath(new URL('./lambda-bootstrap.mjs', import.meta.url))
/** In seconds. AWS's limit for loading a function does not count how long a machine takes to start a process. */
const defaultLimits = { start: 60, initialisation: 10 }
// In MB. Lambda gives a share of the memory; here a dozen functions have one machine, and V8 takes what it may have.
const youngMemory = 4

const failure = (errorType: string, errorMessage: string) => ({
  payload: JSON.stringify({ errorType, errorMessage }),
  functionError: 'Unhandled' as const,
})

/** What a sandbox may answer, as one line of JSON. */
const message = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    requestId: v.string(),
    payload: v.string(),
    functionError: v.exactOptional(v.literal('Unhandled')),
    lost: v.exactOptional(v.literal(true)),
    running: v.exactOptional(v.literal(true)),
  }),
)

/** The type of the error where a sandbox answered what cannot be read. */
export const unreadableAnswer = 'Sandbox.UnreadableAnswer'
const unreadable = failure(unreadableAnswer, 'The answer of the function cannot be read.')

/** The type of the error where the machine could not start another process. */
export const notStarted = 'Sandbox.NotStarted'

function exitError(requestId: string, code: number | null, signal: string | null) {
  const status = signal ? `signal: ${signal === 'SIGABRT' ? 'aborted' : 'killed'}` : `exit status ${code}`
  const cause = code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: ${status}`
  return failure('Runtime.ExitError', `RequestId: ${requestId} Error: ${cause}`)
}

const startChild = (options: SandboxOptions, initialisation: string): ChildProcess => {
  const { directory, environment, memory, modules } = options
  const limits = [`--max-old-space-size=${memory}`, `--max-semi-space-size=${youngMemory}`]
  const args = [...limits, bootstrap, initialisation, ...(modules ? [JSON.stringify(modules)] : [])]
  return spawn(process.execPath, args, { cwd: directory, env: environment, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
}

/** Kills a function when this process ends, even by kill -9: the shell's input ends then. An endless loop would not notice. */
function guard(child: ChildProcess, log: SandboxOptions['log']): void {
  const command = ['-c', 'read -r _; kill -9 $0', String(child.pid)]
  const missing = (error: unknown) => log(`If it loops it may outlive the server, because no shell starts: ${error}`)
  try {
    const shell = spawn('sh', command, { env: {}, stdio: ['pipe', 'ignore', 'ignore'], detached: true })
    shell.on('error', missing)
    child.once('exit', () => shell.kill('SIGKILL'))
  } catch (error) {
    missing(error)
  }
}

type Running = {
  readonly child: ChildProcess
  readonly outputs: readonly Readable[]
  readonly channel: Duplex
}

function streamsOf(child: ChildProcess): Running {
  const [, output, errors, channel] = child.stdio as [null, Readable, Readable, Duplex, undefined]
  return { child, outputs: [output, errors], channel }
}

/** Of a process that the machine had no room for. The event that says so ends the server if nobody listens. */
function neverStarted(child: ChildProcess): Sandbox {
  const error = once(child, 'error').then(([{ message }]) => String(message))
  for (const stream of child.stdio ?? []) stream?.destroy()
  return {
    invoke: async () => failure(notStarted, `The process of the function cannot be started: ${await error}`),
    initialised: error,
    usable: () => false,
    end: async () => {},
  }
}

/** Waits for what a child answers next, and ends it where it is lost: too slow, gone, or lost by its own word. */
function createListener({ child, channel }: Running, log: SandboxOptions['log']) {
  let usable = true
  let requestId = ''
  let settle: (invocation: Invocation) => void = () => {}
  let begin = () => {}

  const lose = (invocation: Invocation) => {
    usable = false
    child.kill('SIGKILL')
    settle(invocation)
  }
  onLines(channel, (line) => {
    const read = v.safeParse(message, line)
    if (!read.success) {
      log('An answer cannot be read: the request fails, and the process is ended.')
      return lose(unreadable)
    }
    const { lost, running, requestId: id, ...invocation } = read.output
    // A request that is over, by its time limit or by an answer of its own, gets no other one.
    if (id !== requestId) return log('An answer came for a request that is over, and is ignored.')
    if (running) return begin()
    if (lost) usable = false
    // What was written before the answer waits in another pipe, and is read in this turn of the loop too.
    const done = settle
    setImmediate(() => done(invocation))
  })
  channel.on('error', () => {}) // A child that is gone closes, and that says more.
  child.on('error', (error) => lose(failure('Runtime.ExitError', error.message)))
  child.on('close', (code, signal) => lose(exitError(requestId, code, signal)))

  return {
    usable: () => usable,
    /** With `startLimit` the seconds count from when the child says that it runs, and until then that limit holds. */
    answerWithin: (seconds: number, id: string, startLimit?: number) =>
      new Promise<Invocation>((resolve) => {
        const expireIn = (limit: number) => {
          const text = `RequestId: ${id} Error: Task timed out after ${limit.toFixed(2)} seconds`
          return setTimeout(() => lose(failure('Sandbox.Timedout', text)), limit * 1000)
        }
        let timer = expireIn(startLimit ?? seconds)
        // Once, and in no later request: a function cannot give itself more time.
        begin = () => {
          begin = () => {}
          if (startLimit === undefined) return
          clearTimeout(timer)
          timer = expireIn(seconds)
        }
        requestId = id
        settle = (invocation) => {
          clearTimeout(timer)
          resolve(invocation)
        }
      }),
  }
}

/** A process of its own for one function, its environment exactly the one given. */
export function startSandbox(options: SandboxOptions, limits = defaultLimits): Sandbox {
  const initialisationId = randomUUID()
  const child = startChild(options, initialisationId)
  if (child.pid === undefined) return neverStarted(child)
  guard(child, options.log)
  const running = streamsOf(child)
  const { outputs, channel } = running
  const closed = new Promise((resolve) => child.once('close', resolve))
  const lines: string[] = []
  const keep = (line: string) => {
    lines.push(line)
    options.log(line)
  }
  for (const output of outputs) onLines(output, keep)
  const { usable, answerWithin } = createListener(running, options.log)
  const initialised = answerWithin(limits.initialisation, initialisationId, limits.start)

  async function run(payload: string): Promise<Invocation> {
    const initialisation = await initialised
    if (initialisation.functionError) return initialisation
    const requestId = randomUUID()
    const { functionArn, timeout } = options
    const event = { requestId, functionArn, payload, deadline: Date.now() + timeout * 1000 }
    channel.write(`${JSON.stringify(event)}\n`)
    return await answerWithin(timeout, requestId)
  }

  return {
    invoke: async (payload) => ({ ...(await run(payload)), log: lines.splice(0).join('\n') }),
    initialised,
    usable,
    async end() {
      child.kill('SIGKILL')
      await closed
    },
  }
}
