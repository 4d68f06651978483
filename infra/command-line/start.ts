import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openAccount } from '../local/account.ts'
import type { CommandLine } from '../local/command-line.ts'
import { type AnswerRequest, createGateway } from '../local/gateway/gateway.ts'
import { createGatewayServer } from '../local/gateway/gateway-server.ts'
import type { Invoke } from '../local/lambda/lambda.ts'
import { refuse } from '../local/refusal.ts'
import { logToStderr as log, runCommand } from '../local/run-command.ts'
import { synthesise } from '../synthesis/assembly.ts'
import { openDemo } from './demo-client/demo-server.ts'
import { ensureReadyMadeClient } from './demo-client/ready-made-client.ts'
import { openMailbox } from './mailbox/mailbox-server.ts'
import { ensureReadyMadeUser, introduceUser } from './ready-made-user.ts'
import { createAdministrator } from './server/administrator.ts'
import { listen } from './server/listen.ts'
import { findServer, putServer } from './server/server-file.ts'

const usage = 'npm start -- [--port 3000] [--data .local] [-c SETTING=VALUE …] [--host NAME …] [--reset]'

async function start({ port, data, context, reset, hosts }: CommandLine): Promise<number> {
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
  const tried = demo ? `Sign in on the pages as that user: ${demo.url}\n` : ''
  const shown = mailbox ? `Mails are not sent but shown at ${mailbox.url}\n` : ''
  process.stdout.write(`Listening on ${url}\n\n${introduction}\n${tried}${shown}Ctrl-C ends the server.\n`)
  await stopped
  return 0
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

await runCommand(usage, 0, start)
