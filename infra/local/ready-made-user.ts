import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Invoke } from './lambda.ts'
import { refuse } from './refusal.ts'
import { putFile } from './server-file.ts'

export type ReadyMadeUser = {
  readonly username: string
  readonly password: string
  /** Has just been made, so that nobody has seen the password yet. */
  readonly fresh: boolean
  /** Holds name and password as the body of a log-in. */
  readonly file: string
}

/** A user to try things with. The password is random, stays in the data folder and is the same at every start. */
export async function ensureReadyMadeUser(data: string, invoke: Invoke): Promise<ReadyMadeUser> {
  const file = join(data, 'user.json')
  const fresh = !existsSync(file)
  if (fresh) putFile(file, { username: 'ada', password: randomBytes(24).toString('base64url') })
  const credentials = JSON.parse(readFileSync(file, 'utf8'))
  const { payload, functionError } = await invoke('admin', JSON.stringify({ command: 'create-user', ...credentials }))
  const answer = JSON.parse(payload)
  if (functionError) return refuse(`The function admin failed: ${payload}`)
  if (!answer.ok && answer.error !== 'username_taken') return refuse(`No ready-made user: ${answer.error_description}`)
  return { ...credentials, fresh, file }
}
