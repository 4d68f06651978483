import { randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'

const mailSchema = v.object({
  messageId: v.string(),
  /** ISO 8601, UTC. */
  time: v.string(),
  to: v.string(),
  from: v.string(),
  subject: v.string(),
  text: v.string(),
  html: v.string(),
})
export type CapturedMail = v.InferOutput<typeof mailSchema>

/** The mails that the local account was asked to send, a file each in the data folder. */
export type Mails = {
  readonly put: (mail: Omit<CapturedMail, 'time'>) => Promise<void>
  /** The ids of all mails, the newest first. */
  readonly list: () => Promise<readonly string[]>
  /** Undefined for an unknown mail, or a file that holds none. */
  readonly find: (id: string) => Promise<CapturedMail | undefined>
  /** Calls the listener after each mail that arrives, until the signal aborts. */
  readonly onArrival: (listener: () => void, signal: AbortSignal) => void
}

// What a file is called, so no id leads out of the folder.
const idForm = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z-[0-9a-f]{8}$/
const ending = '.json'

export function createMails(data: string, clock: () => number = Date.now): Mails {
  const folder = join(data, 'mail')
  const arrivals = new EventEmitter().setMaxListeners(0)
  let last = 0

  return {
    async put(mail) {
      // Names sort as mails arrive, so no two mails have the same time.
      last = Math.max(Math.floor(clock()), last + 1)
      const time = new Date(last).toISOString()
      const id = `${time.replaceAll(':', '-')}-${randomBytes(4).toString('hex')}`
      await mkdir(folder, { recursive: true, mode: 0o700 })
      // Renamed when complete, so that nobody reads half a mail.
      const draft = join(folder, `${id}.new`)
      await writeFile(draft, `${JSON.stringify({ time, ...mail }, null, 2)}\n`, { mode: 0o600 })
      await rename(draft, join(folder, `${id}${ending}`))
      arrivals.emit('mail')
    },
    async list() {
      const names = await readdir(folder).catch(whenMissing<string[]>([]))
      const ids = names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length))
      return ids
        .filter((id) => idForm.test(id))
        .sort()
        .reverse()
    },
    async find(id) {
      if (!idForm.test(id)) return undefined
      const text = await readFile(join(folder, `${id}${ending}`), 'utf8').catch(whenMissing(''))
      const result = v.safeParse(v.pipe(v.string(), v.parseJson(), mailSchema), text)
      return result.success ? result.output : undefined
    },
    onArrival(listener, signal) {
      arrivals.on('mail', listener)
      signal.addEventListener('abort', () => arrivals.off('mail', listener), { once: true })
    },
  }
}

const whenMissing =
  <T>(instead: T) =>
  (error: unknown): T => {
    if (Object(error).code === 'ENOENT') return instead
    throw error
  }
