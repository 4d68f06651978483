import { readEnv } from '../adapters/environment/environment.ts'
import { createFetchJson } from '../adapters/https/fetch-json.ts'
import { writeLine } from '../http/log.ts'
import { clientMetadataEnv } from './env.ts'
import { createClientMetadataHandler } from './handler.ts'

const env = readEnv(clientMetadataEnv, process.env)

export const handler = createClientMetadataHandler({
  fetchJson: createFetchJson(),
  hosts: env.CLIENTS_BY_URL,
  write: writeLine,
  now: Date.now,
})
