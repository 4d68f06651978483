import { knownMembers, readClientDocument } from '../domain/clients/client-document.ts'
import { readClientKeys } from '../domain/clients/client-keys.ts'
import { type ClientHosts, isAllowedUrl } from '../domain/clients/client-url.ts'
import type { UnreadClient } from '../domain/clients/clients-by-url.ts'
import type { FetchedJson, FetchJson } from '../domain/clients/fetch-metadata.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import { logLine, type WriteLine } from '../http/log.ts'

type ClientMetadataDependencies = {
  readonly fetchJson: FetchJson
  readonly hosts: ClientHosts
  readonly write: WriteLine
  readonly now: () => number
}

/** A checked document, or the reason why it was refused. */
export type ClientMetadataResponse = FetchedJson | { readonly refused: UnreadClient['reason'] }

type Asked = { readonly kind: 'document' | 'keys'; readonly url: string }

/**
 * Fetches and checks what a client by URL says of itself. It has no route and no permission: the functions invoke it that
 * need a client, so that what somebody else has written is first looked at where there is nothing to take.
 */
export function createClientMetadataHandler({ fetchJson, hosts, write, now }: ClientMetadataDependencies) {
  return async (
    event: unknown,
    { awsRequestId }: { readonly awsRequestId: string },
  ): Promise<ClientMetadataResponse> => {
    const asked = readAsked(event)
    const fetched = isAllowedUrl(asked.url, hosts)
      ? await fetchJson(asked.url)
      : fail({ reason: 'refused_url' } as const)
    const checked = fetched.ok ? check(asked, fetched.value) : fetched

    const outcome = checked.ok
      ? { event: 'client_metadata', outcome: 'success' }
      : { event: 'client_metadata_fail', outcome: 'failure', reason: checked.failure.reason }
    write(logLine(now(), { ...outcome, ...asked, request_id: awsRequestId }))

    return checked.ok ? checked.value : { refused: checked.failure.reason }
  }
}

function check({ kind, url }: Asked, { value, freshFor }: FetchedJson): Result<FetchedJson, UnreadClient> {
  switch (kind) {
    case 'document': {
      const document = readClientDocument(value, url)
      return document.ok ? succeed({ value: knownMembers(value), freshFor }) : document
    }
    case 'keys': {
      const keys = readClientKeys(value)
      return keys ? succeed({ value: { keys }, freshFor }) : fail({ reason: 'wrong_keys' })
    }
  }
}

/** @throws TypeError for what no function of ours sends, which is a fault of ours. */
function readAsked(event: unknown): Asked {
  const { kind, url } = Object(event)
  if ((kind !== 'document' && kind !== 'keys') || typeof url !== 'string')
    throw new TypeError('This asks for no document and no keys.')
  return { kind, url }
}
