// `npm run load`: the local server under the load of all cores. Fails where an answer is not as it must be, or where memory
// grows with the number of requests. It takes some four minutes, for the stage lets 500 requests a second through to a
// route, here as in an account.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { openFunctions } from '../../infra/command-line/server/open-functions.ts'
import { createDataFolder, startServer } from '../support/local-server.ts'
import type { Tally } from './client.ts'
import type { User } from './flows.ts'
import { growthOf, type Memory, readMemory } from './memory.ts'
import { machine, memoryTable, timesTable } from './report.ts'
import type { Job } from './worker.ts'

const threads = availableParallelism()
const clients = 16
const authorizedCalls = 100_000
// Until then sandboxes start and code is compiled.
const warmUp = 20_000
const mostGrowth = 1.1

async function createUsers(data: string): Promise<readonly User[]> {
  await using functions = await openFunctions({ data, context: {}, port: 0 }, () => undefined)
  const users: User[] = []
  for (let made = 0; made < clients; made += 1) {
    const credentials = { username: `user-${made}`, password: randomBytes(24).toString('base64url') }
    const { payload } = await functions.invoke('admin', JSON.stringify({ command: 'create-user', ...credentials }))
    users.push({ ...credentials, sub: JSON.parse(payload).result.sub })
  }
  return users
}

/** Gives each thread its share of the users, and waits until all have done their jobs. */
async function run(url: string, users: readonly User[], job: Job, done = new Int32Array(new SharedArrayBuffer(4))) {
  const start = performance.now()
  const workers = Array.from({ length: threads }, (_, thread) => {
    const own = users.filter((_, index) => index % threads === thread)
    return new Worker(join(import.meta.dirname, 'worker.ts'), { workerData: { url, users: own, job, done } })
  })
  const tallies: Tally[] = (await Promise.all(workers.map((worker) => once(worker, 'message')))).flat()
  return { tallies, seconds: (performance.now() - start) / 1000 }
}

async function sampleMemory(gateway: number, done: Int32Array, until: () => boolean): Promise<readonly Memory[]> {
  const samples: Memory[] = []
  while (!until()) {
    await setTimeout(1000)
    if (Atomics.load(done, 0) >= warmUp) samples.push(readMemory(gateway))
  }
  return samples
}

async function runMixed() {
  using data = createDataFolder()
  await using server = await startServer(data.path, ['-c', 'addressFailures=0'])
  const users = await createUsers(data.path)
  return await run(server.url, users, { kind: 'sessions', seconds: 30, pause: 800 })
}

/** Without the authorizer's cache, so that it is asked about every call. */
async function runAuthorized() {
  using data = createDataFolder()
  const NODE_OPTIONS = `--max-semi-space-size=4 --import=${pathToFileURL(join(import.meta.dirname, 'collect-garbage.ts'))}`
  const settings = ['-c', 'addressFailures=0', '-c', 'authorizerCache=0']
  await using server = await startServer(data.path, settings, { NODE_OPTIONS })
  const users = await createUsers(data.path)
  const done = new Int32Array(new SharedArrayBuffer(4))
  let over = false
  const sampling = process.platform === 'linux' ? sampleMemory(server.pid, done, () => over) : Promise.resolve([])
  const job: Job = { kind: 'calls', calls: authorizedCalls / threads, rate: 480 / threads }
  const ran = await run(server.url, users, job, done).finally(() => {
    over = true
  })
  return { ...ran, growth: growthOf(await sampling) }
}

const mixed = await runMixed()
const authorized = await runAuthorized()
const errors = [...mixed.tallies, ...authorized.tallies].flatMap((tally) => tally.errors)
// Written so that what could not be measured does not pass for flat.
const grown = authorized.growth.filter(({ before, after }) => !(after / before <= mostGrowth))
const isMeasured = authorized.growth.length > 0 || process.platform !== 'linux'

const report = `# Under load

${machine()}. \`npm run load\`: ${clients} clients in ${threads} threads against \`npm start\`; the generator shares the machine with it.

Sessions from log-in to log-out, mixed, for ${mixed.seconds.toFixed(0)} seconds (fewer log-ins than the 100 a second that the stage lets through):

${timesTable(mixed.tallies, mixed.seconds)}

${authorizedCalls.toLocaleString('en')} authorized calls, each of which the authorizer is asked about (\`authorizerCache=0\`), at most 480 a second:

${timesTable(authorized.tallies, authorized.seconds)}

Memory, as medians of a sample each second after the first ${warmUp.toLocaleString('en')} calls (the gateway's garbage is collected each second, and its young
generation bounded, so that what is seen is what stays); flat is a ratio of at most ${mostGrowth}:

${memoryTable(authorized.growth)}

Answers that were not as they must be: ${errors.length}.
`
writeFileSync(join(import.meta.dirname, 'results', 'load.md'), report)
process.stdout.write(report)
if (authorized.growth.length === 0) process.stderr.write('Memory was not measured: /proc tells it on Linux alone.\n')
for (const [what, those] of Map.groupBy(errors, (error) => error.replace(/:.*/s, ''))) {
  process.stderr.write(`${what}: ${those.length} wrong answers, the first: ${those[0]}\n`)
}
for (const { name } of grown) process.stderr.write(`The memory of ${name} grows.\n`)
process.exitCode = errors.length + grown.length === 0 && isMeasured ? 0 : 1
