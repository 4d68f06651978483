import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openAccount } from '../local/account.ts'
import { type AnswerRequest, createGateway } from '../local/gateway/gateway.ts'
import { createGatewayServer } from '../local/gateway/gateway-server.ts'
import type { Invoke } from '../local/lambda/lambda.ts'
import { refuse } from '../local/refusal.ts'
import { synthesise } from '../synthesis/assembly.ts'
import { openDemo } from './demo-client/demo-server.ts'
import { ensureReadyMadeClient } from './demo-client/ready-made-client.ts'
import type { Streams } from './line/command.ts'
import { type Style, styleFor } from './line/style.ts'
import { openMailbox } from './mailbox/mailbox-server.ts'
import { ensureReadyMadeUser, introduceUser } from './ready-made-user.ts'
import { logToStderr as log } from './run-program.ts'
import { createAdministrator } from './server/administrator.ts'
import { listen } from './server/listen.ts'
import type { LocalOptions } from './server/open-functions.ts'
import { findServer, putServer } from './server/server-file.ts'

export type StartLine = LocalOptions & {
  /** Names beside localhost that requests may be sent to. */
  readonly hosts: readonly string[]
  readonly reset: boolean
  readonly json: boolean
}

/** Serves the stack on localhost until a signal ends it. */
export async function serve({ port, data, context, reset, hosts, json }: StartLine, streams: Streams): Promise<number> {
  const stopped = stopSignal()
  const other = await findServer(data)
  if (other) refuse(`A server runs with ${data} already, at ${other.url}: stop it, or name another folder with --data.`)

  // The issuer is the API's address, so the port is taken before anything is made that needs to know it.
  const gateway = Promise.withResolvers<AnswerRequest>()
  await using server = await listen(
    createGatewayServer(async (request) => (await gateway.promise)(request), hosts),
    port,
  )
  const { url } = server
  if (reset) forget(data)
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const administrator = createAdministrator()
  await using assembly = await synthesise(context)
  await using account = await openAccount(assembly, { data, endpoint: url, principals: [administrator], log })
  const { api, invoke, aws, functionNames, mails } = account
  gateway.resolve(createGateway({ api, invoke, clock: () => Date.now() / 1000, log }))
  await using mailbox = mails && (await openMailbox(mails, log, hosts))
  const { accessKeyId } = administrator
  using _ = putServer(data, { url, aws, pid: process.pid, functionNames, accessKeyId })
  const introduction = await ensureReadyMadeUser(data, invoke).then(
    (user) => introduceUser(user, url, context['secondFactor'] === 'required'),
    // A setting may ask more of a password than the ready-made one has. The server serves all the same.
    (error: Error) => error.message,
  )
  await using demo = functionNames.includes('authorize') ? await openDemoClient(data, url, invoke) : undefined
  const addresses = { url, ...(mailbox && { mailbox: mailbox.url }), ...(demo && { demo: demo.url }) }
  if (json) streams.stdout.write(`${JSON.stringify(addresses)}\n`)
  else streams.stdout.write(greet(addresses, introduction, styleFor(streams.stdout)))
  await stopped
  return 0
}

type Addresses = { readonly url: string; readonly mailbox?: string; readonly demo?: string }

function greet({ url, mailbox, demo }: Addresses, introduction: string, { bold }: Style): string {
  const tried = demo ? `Sign in on the pages as that user: ${demo}\n` : ''
  const shown = mailbox ? `Mails are not sent but shown at ${mailbox}\n` : ''
  return `Listening on ${bold(url)}\n\n${introduction}\n${tried}${shown}Ctrl-C ends the server.\n`
}

const openDemoClient = async (data: string, url: string, invoke: Invoke) =>
  openDemo(url, await ensureReadyMadeClient(data, invoke), log)

// Not the whole folder: it may be one that holds other things too.
function forget(data: string): void {
  for (const name of ['dynamodb', 'kms', 'mail', 'user.json', 'client.json'])
    rmSync(join(data, name), { recursive: true, force: true })
}

// The second Ctrl-C ends the process as it always would.
const stopSignal = () =>
  Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => new Promise((resolve) => process.once(signal, resolve))))
