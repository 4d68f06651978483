import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { refuse } from '../../local/refusal.ts'
import { synthesiseApp } from '../../synthesis/app-assembly.ts'
import type { Assembly } from '../../synthesis/assembly.ts'
import type { Streams } from '../line/command.ts'
import { openMailbox } from '../mailbox/mailbox-server.ts'
import { ensureReadyMadeUser, introduceUser } from '../ready-made-user.ts'
import { logToStderr as log } from '../run-program.ts'
import { createAdministrator } from '../server/administrator.ts'
import { findServer, putServer } from '../server/server-file.ts'
import type { AppLine } from './app-line.ts'
import { createGateways } from './gateways.ts'
import { createListeners, httpApisOf, type Listeners } from './listeners.ts'
import { type OpenApp, openApp } from './open-app.ts'
import { addressesOf, reportApis, reportLeftOut, reportMissing, trialPath } from './report.ts'
import { watchApp } from './watch-app.ts'

/** Serves the stack of someone's app on localhost until a signal ends it. The exit code is 0. @throws Error in one sentence. */
export async function serveApp(line: AppLine, { stdout }: Pick<Streams, 'stdout'>): Promise<number> {
  const stopped = stopSignal()
  const { data, port, hosts, watch } = line
  const other = await findServer(data)
  if (other) refuse(`A server runs with ${data} already, at ${other.url}: stop it, or name another folder with --data.`)
  await using listeners = createListeners(port, hosts)
  await using serving = await createServing(line, listeners)
  prepareFolder(line)
  const app = await serving.start()
  await using mailbox = app.mails && (await openMailbox(app.mails, log, hosts))
  const addresses = { url: app.api.endpoint, ...(mailbox && { mailbox: mailbox.url }) }
  const greeting = await greet(app, line, serving.assembly(), mailbox?.url)
  stdout.write(line.json ? `${JSON.stringify({ ...addresses, apis: addressesOf(app.apis) })}\n` : greeting)
  using _ = watch ? watchApp(line, () => serving.restart(process.stderr)) : undefined
  await stopped
  return 0
}

/** An app that is served, and can be served anew. */
async function createServing(line: AppLine, listeners: Listeners) {
  const administrator = createAdministrator()
  let assembly = await synthesise(line)
  let app: OpenApp | undefined
  let file: Disposable | undefined

  async function start(): Promise<OpenApp> {
    const addresses = await listeners.open(httpApisOf(assembly.template))
    const opened = await openApp(assembly, { ...line, addresses, principals: [administrator], log })
    app = opened
    const { apis, invoke, aws, functionNames, adminFunction } = opened
    listeners.serve(createGateways(apis, { invoke, clock: () => Date.now() / 1000, log }))
    const { accessKeyId } = administrator
    file = putServer(line.data, {
      url: opened.api.endpoint,
      aws,
      pid: process.pid,
      functionNames,
      adminFunction,
      accessKeyId,
    })
    return opened
  }

  async function stop(): Promise<void> {
    file?.[Symbol.dispose]()
    await app?.[Symbol.asyncDispose]()
    app = undefined
  }

  async function restart(output: NodeJS.WritableStream): Promise<void> {
    const next = await synthesise(line)
    // A template names its assets by what they hold. What could not be served is tried again.
    if (app && JSON.stringify(next.template) === JSON.stringify(assembly.template)) return next[Symbol.asyncDispose]()
    listeners.pause()
    await stop()
    await assembly[Symbol.asyncDispose]()
    assembly = next
    const { leftOut, missing, valuesFile } = await start().catch(async (error) => {
      listeners.serve(new Map())
      throw error
    })
    output.write(`Serving the change.\n${reportLeftOut(leftOut)}${reportMissing(missing, valuesFile)}`)
  }

  return {
    start,
    restart,
    assembly: () => assembly,
    async [Symbol.asyncDispose]() {
      await stop()
      await assembly[Symbol.asyncDispose]()
    },
  }
}

const synthesise = ({ folder, app: command, stack, context }: AppLine): Promise<Assembly> =>
  synthesiseApp({ folder, command, stack, context, environment: process.env })

// It holds keys and passwords, which no repository should.
function prepareFolder({ data, reset }: AppLine): void {
  if (reset)
    for (const name of ['dynamodb', 'kms', 'mail', 'user.json'])
      rmSync(join(data, name), { recursive: true, force: true })
  if (existsSync(data)) return
  mkdirSync(data, { recursive: true, mode: 0o700 })
  writeFileSync(join(data, '.gitignore'), '*\n')
}

async function greet(app: OpenApp, { data }: AppLine, { template }: Assembly, mailbox?: string): Promise<string> {
  const { api, apis, invoke, leftOut, missing, valuesFile } = app
  const requiresFactor = JSON.stringify(template).includes('"SECOND_FACTOR":"required"')
  const introduction = await ensureReadyMadeUser(data, invoke).then(
    (user) => introduceUser(user, api.endpoint, requiresFactor, trialPath(app)),
    (error: Error) => error.message,
  )
  const shown = mailbox === undefined ? '' : `Mails are not sent but shown at ${mailbox}\n`
  const reports = `${reportApis(apis)}${reportLeftOut(leftOut)}${reportMissing(missing, valuesFile)}`
  return `Listening on ${api.endpoint}\n\n${reports}${introduction}\n${shown}Ctrl-C ends the server.\n`
}

// The second Ctrl-C ends the process as it always would.
const stopSignal = () =>
  Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => new Promise((resolve) => process.once(signal, resolve))))
