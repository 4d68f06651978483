import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createDynamoDbDocuments } from '../../adapters/dynamodb/client-documents.ts'
import { createInvokeFunction, type InvokeOptions } from '../../adapters/lambda/invoke.ts'
import type { FetchMetadata, UnreadClient } from '../../domain/clients/clients-by-url.ts'
import type { Clock } from '../../domain/clock.ts'
import { fail, succeed } from '../../domain/result.ts'
import { Unavailable } from '../../domain/unavailable.ts'

// The function has five seconds for the document. The rest is for its start.
const timeLimit = 7500

const day = 86_400

/** Fetches by the function of this name, which has no permission itself. It is null where no URL may be a client id. */
export function wireFetchMetadata(
  functionName: string | null,
  options: Pick<InvokeOptions, 'client' | 'environment'>,
): FetchMetadata {
  const invoke = functionName === null ? undefined : createInvokeFunction({ ...options, functionName, timeLimit })
  return async (kind, url) => {
    const answer = await invoke?.({ kind, url })
    const { value, freshFor, refused }: Record<string, unknown> = answer?.ok ? Object(answer.value) : {}
    if (typeof refused === 'string') return fail({ reason: refused as Extract<UnreadClient['reason'], 'wrong_status'> })
    if (typeof freshFor !== 'number') throw new Unavailable('Documents of clients cannot be fetched.')
    return succeed({ value, freshFor: Math.min(freshFor, day) })
  }
}

type Env = {
  readonly TABLE_NAME: string
  readonly CLIENTS_BY_URL: readonly string[]
  readonly SCOPES: readonly string[]
  readonly SESSION_LIMIT: number
}

type Parts = {
  readonly client: DynamoDBDocumentClient
  readonly clock: Clock
  readonly fetchMetadata: FetchMetadata
}

/** What clients by URL are read by. They are known as long as a session that began with them may live. */
export const wireDocuments = ({ client, ...parts }: Parts, env: Env) => ({
  ...parts,
  store: createDynamoDbDocuments(client, env.TABLE_NAME),
  hosts: env.CLIENTS_BY_URL,
  scopes: env.SCOPES,
  memory: env.SESSION_LIMIT,
})
