import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { openAccount } from './account.ts'
import { synthesise } from './assembly.ts'
import type { CommandLine } from './command-line.ts'
import { type AnswerRequest, createGateway } from './gateway.ts'
import { createGatewayServer } from './gateway-server.ts'
import { ensureReadyMadeUser, type ReadyMadeUser } from './ready-made-user.ts'
import { refuse } from './refusal.ts'
import { logToStderr as log, runCommand } from './run-command.ts'
import { findServer, putServer } from './server-file.ts'

const usage = 'npm start -- [--port 3000] [--data .local] [-c SETTING=VALUE …] [--reset]'

async function start({ port, data, context, reset }: CommandLine): Promise<number> {
  const stopped = stopSignal()
  const other = await findServer(data)
  if (other) refuse(`A server runs with ${data} already, at ${other.url}: stop it, or name another folder with --data.`)
  if (reset)
    for (const name of ['dynamodb', 'kms', 'user.json']) rmSync(join(data, name), { recursive: true, force: true })
  mkdirSync(data, { recursive: true })

  // The issuer is the API's address, so the port is taken before anything is made that needs to know it.
  const gateway = Promise.withResolvers<AnswerRequest>()
  await using server = await listen(
    createGatewayServer(async (request) => (await gateway.promise)(request)),
    port,
  )
  const { url } = server
  const administrator = createAdministrator()
  await using assembly = await synthesise(context)
  await using account = await openAccount(assembly, { data, endpoint: url, principals: [administrator], log })
  const { api, invoke, aws, functionNames } = account
  gateway.resolve(createGateway({ api, invoke, clock: () => Date.now() / 1000, log }))
  const { accessKeyId } = administrator
  using _ = putServer(data, { url, aws, pid: process.pid, functionNames, accessKeyId })
  const introduction = await ensureReadyMadeUser(data, invoke).then(
    (user) => introduce(user, url),
    // A setting may ask more of a password than the ready-made one has. The server serves all the same.
    (error: Error) => error.message,
  )
  process.stdout.write(`Listening on ${url}\n\n${introduction}\nCtrl-C ends the server.\n`)
  await stopped
  return 0
}

// The second Ctrl-C ends the process as it always would.
const stopSignal = () =>
  Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => new Promise((resolve) => process.once(signal, resolve))))

async function listen(server: Server, port: number): Promise<AsyncDisposable & { readonly url: string }> {
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening')
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    if (!taken) throw error
    return refuse(`Port ${port} is taken: stop what listens there, or name another one: npm start -- --port N.`)
  }
  const { port: bound } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${bound}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

const createAdministrator = () => ({
  accessKeyId: `AKIA${randomBytes(20).toString('hex').toUpperCase()}`,
  arn: 'arn:aws:iam::000000000000:user/administrator',
  policies: [
    {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: 'arn:aws:lambda:*:*:function:*' }],
    },
  ],
})

function introduce({ username, password, fresh, file }: ReadyMadeUser, url: string): string {
  const shown = fresh ? `password ${password} (shown this once, kept in ${file})` : `password in ${file}`
  const path = `'${file.replaceAll("'", `'\\''`)}'`
  return `To try it there is the user ${username}, ${shown}.
--reset forgets all data and makes a new one. Log in, then ask with the token:

  token=$(curl -s ${url}/login -H 'Content-Type: application/json' -d @${path} | node -p 'JSON.parse(fs.readFileSync(0)).access_token')
  curl -s ${url}/me -H "Authorization: Bearer $token"
`
}

await runCommand(usage, 0, start)
