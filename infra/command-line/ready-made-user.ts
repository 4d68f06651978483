import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Invoke } from '../local/lambda/lambda.ts'
import { refuse } from '../local/refusal.ts'
import { askAdmin } from './ask-admin.ts'
import { putFile } from './server/server-file.ts'
import { quoteForShell } from './terminal.ts'

export type ReadyMadeUser = {
  readonly username: string
  readonly password: string
  /** Has just been made, so its password has not been shown yet. */
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
  if (fresh || !(await isKnown(credentials.username, invoke))) await createUser(credentials, invoke)
  return { ...credentials, fresh, file }
}

// To create a user that exists would log a failure at every start.
const isKnown = async (username: string, invoke: Invoke): Promise<boolean> =>
  (await askAdmin({ command: 'show-user', username }, invoke)).ok

async function createUser(credentials: object, invoke: Invoke): Promise<void> {
  const answer = await askAdmin({ command: 'create-user', ...credentials }, invoke)
  if (answer.ok || answer.error === 'username_taken') return
  refuse(`The ready-made user cannot be created: ${answer.error_description}`)
}

/** Tells a newcomer the credentials, and two lines to paste, which are not enough where a second factor is required. */
export function introduceUser(
  { username, password, fresh, file }: ReadyMadeUser,
  url: string,
  requiresFactor: boolean,
  path = '/me',
): string {
  const shown = fresh ? `password ${password} (shown this once, kept in ${file})` : `password in ${file}`
  const introduction = `To try it there is the user ${username}, ${shown}.
--reset forgets all data and makes a new one.`
  if (requiresFactor) return `${introduction} A log-in asks for a second factor: docs/factors.md shows the steps.\n`
  return `${introduction} Log in, then ask with the token:

  token=$(curl -s ${url}/login -H 'Content-Type: application/json' -d @${quoteForShell(file)} | node -p 'JSON.parse(fs.readFileSync(0)).access_token')
  curl -s ${url}${path} -H "Authorization: Bearer $token"
`
}
