// One thread of the load: so many clients, each of which waits for its answers, until its job is done.
import { setTimeout } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { createClient } from './client.ts'
import { callAuthorized, haveSession, logIn, type User } from './flows.ts'

/**
 * `sessions`: clients have sessions for `seconds`, a new one each `pause` ms at the most. `calls`: that many authorized
 * calls, `rate` a second at the most.
 */
export type Job =
  | { readonly kind: 'sessions'; readonly seconds: number; readonly pause: number }
  | { readonly kind: 'calls'; readonly calls: number; readonly rate: number }

type Load = { readonly url: string; readonly users: readonly User[]; readonly job: Job; readonly done: Int32Array }

const { url, users, job, done }: Load = workerData
const client = createClient(url, users.length)

async function haveSessions(user: User, seconds: number, pause: number): Promise<void> {
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    const rest = setTimeout(pause)
    await haveSession(client, user)
    await rest
  }
}

async function call(user: User, calls: number, rate: number): Promise<void> {
  const { token } = await logIn(client, user)
  const start = performance.now()
  for (let made = 0; made < calls; made += 1) {
    const early = start + (made / rate) * 1000 - performance.now()
    // Timers are too coarse to wait for each call by itself.
    if (early > 20) await setTimeout(early)
    await callAuthorized(client, user, token)
    Atomics.add(done, 0, 1)
  }
}

await Promise.all(
  users.map((user) =>
    job.kind === 'sessions'
      ? haveSessions(user, job.seconds, job.pause)
      : call(user, job.calls / users.length, job.rate / users.length),
  ),
)
client.close()
parentPort?.postMessage(client.tally())
