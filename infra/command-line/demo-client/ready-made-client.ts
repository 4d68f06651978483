import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Invoke } from '../../local/lambda/lambda.ts'
import { refuse } from '../../local/refusal.ts'
import { askAdmin } from '../ask-admin.ts'
import { putFile } from '../server/server-file.ts'

/** A client with a secret. */
export type ReadyMadeClient = { readonly id: string; readonly secret: string }

const id = 'latchkey-demo'

const metadata = {
  client_id: id,
  client_name: 'Demo app',
  // On any port, because the demo gets another one at each start.
  redirect_uris: ['http://127.0.0.1/callback'],
  post_logout_redirect_uris: ['http://127.0.0.1/signed-out'],
  grant_types: ['authorization_code'],
  token_endpoint_auth_method: 'client_secret_basic',
  first_party: true,
}

/** A client to try sign-in with. Its secret stays in the data folder and is the same at every start. */
export async function ensureReadyMadeClient(data: string, invoke: Invoke): Promise<ReadyMadeClient> {
  const file = join(data, 'client.json')
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
  const put = await askAdmin({ command: 'put-client', client: metadata }, invoke)
  if (!put.ok) refuse(`The ready-made client cannot be registered: ${put.error_description}`)
  const made = put.result?.['client_secret']
  if (typeof made !== 'string' && kept) return { id, secret: kept.client_secret }
  const secret = typeof made === 'string' ? made : await rotate(invoke)
  putFile(file, { client_id: id, client_secret: secret })
  return { id, secret }
}

async function rotate(invoke: Invoke): Promise<string> {
  const rotated = await askAdmin({ command: 'rotate-client-secret', client_id: id }, invoke)
  return rotated.ok ? String(rotated.result?.['client_secret']) : refuse('The ready-made client has no secret.')
}
