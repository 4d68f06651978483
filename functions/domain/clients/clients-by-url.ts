import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { FindClientKeys } from './authenticate-client.ts'
import type { Client, FindClient } from './client.ts'
import {
  type ClientDocument,
  clientOfDocument,
  type DocumentFailure,
  readClientDocument,
  unreadClient,
} from './client-document.ts'
import { type ClientKey, readClientKeys } from './client-keys.ts'
import { type ClientHosts, hostOfClient, isAllowedUrl, isClientUrl } from './client-url.ts'
import type { FetchFailure, FetchJson } from './fetch-metadata.ts'

/** What is kept of a client by URL. It is asked for again from `freshUntil` on, a NumericDate. */
type Kept = { readonly value: unknown; readonly freshUntil: number }

/** Where documents of clients and their keys are kept. Only what was valid is put here. */
export type DocumentStore = {
  readonly findDocument: (url: string) => Promise<Kept | undefined>
  readonly putDocument: (url: string, kept: Kept, expiresAt: number) => Promise<void>
  /** The JWK Set that the document of this client names. */
  readonly findKeys: (url: string) => Promise<Kept | undefined>
  readonly putKeys: (url: string, kept: Kept, expiresAt: number) => Promise<void>
}

/** What a document is fetched by: the document of a client, checked, or a JWK Set. */
export type FetchMetadata = (kind: 'document' | 'keys', url: string) => ReturnType<FetchJson>

/** For the log: the page says one thing for all of them. */
export type UnreadClient = {
  readonly reason:
    | 'unknown_client'
    | 'refused_keys_url'
    | 'wrong_keys'
    | FetchFailure['reason']
    | DocumentFailure['reason']
}

/**
 * Reads the client of a URL, from what is kept or from its host. Only for somebody who has signed in: otherwise anyone could
 * make us fetch.
 */
export type ReadClientByUrl = (url: string) => Promise<Result<Client, UnreadClient>>

type Dependencies = {
  readonly store: DocumentStore
  readonly fetchMetadata: FetchMetadata
  readonly hosts: ClientHosts
  /** The scopes of the service. */
  readonly scopes: readonly string[]
  readonly clock: Clock
  /** For how long a client is known that nobody signs in with any more, in seconds: as long as a session may live. */
  readonly memory: number
}

export const createReadClientByUrl =
  (dependencies: Dependencies): ReadClientByUrl =>
  async (url) => {
    const document = await readDocument(url, dependencies)
    return document.ok ? succeed(clientOfDocument(document.value, dependencies.scopes)) : document
  }

async function readDocument(
  url: string,
  { store, fetchMetadata, hosts, clock, memory }: Dependencies,
): Promise<Result<ClientDocument, UnreadClient>> {
  if (!isAllowedUrl(url, hosts)) return fail({ reason: 'unknown_client' })
  const kept = await store.findDocument(url)
  if (kept && kept.freshUntil > clock()) return checkDocument(kept.value, url, hosts)
  const fetched = await fetchMetadata('document', url)
  if (!fetched.ok) return fetched
  const { value, freshFor } = fetched.value
  const document = checkDocument(value, url, hosts)
  if (!document.ok) return document
  const freshUntil = Math.floor(clock()) + freshFor
  await store.putDocument(url, { value, freshUntil }, freshUntil + memory)
  return document
}

/** Its keys may only lie where its document could. */
function checkDocument(value: unknown, url: string, hosts: ClientHosts): Result<ClientDocument, UnreadClient> {
  const document = readClientDocument(value, url)
  const { jwksUri } = document.ok ? document.value : {}
  return jwksUri === undefined || isAllowedUrl(jwksUri, hosts) ? document : fail({ reason: 'refused_keys_url' })
}

/**
 * Finds registered clients, and those by URL with which somebody has signed in: what is kept of these counts at the token
 * endpoint however old it is, because nobody needs to have signed in to make us read it.
 */
export const createFindAnyClient =
  (
    findRegistered: FindClient,
    { store, hosts, scopes }: Pick<Dependencies, 'store' | 'hosts' | 'scopes'>,
  ): FindClient =>
  async (id) => {
    if (!isClientUrl(id)) return findRegistered(id)
    if (!isAllowedUrl(id, hosts)) return undefined
    const kept = await store.findDocument(id)
    const document = kept && readClientDocument(kept.value, id)
    return document?.ok ? clientOfDocument(document.value, scopes) : undefined
  }

/**
 * Finds clients to be named on pages. One by URL is always found, because nobody deletes it: what an account has allowed it
 * must be seen, and can be taken back, when its document is long forgotten. Its name is free to choose, so its host is told too.
 */
export const createFindNamedClient =
  (findRegistered: FindClient, store: Pick<DocumentStore, 'findDocument'>): FindClient =>
  async (id) => {
    if (!isClientUrl(id)) return findRegistered(id)
    const document = readClientDocument((await store.findDocument(id))?.value, id)
    if (!document.ok) return unreadClient(id, undefined, [])
    return { ...clientOfDocument(document.value, []), name: `${document.value.name} (${hostOfClient(id)})` }
  }

/** Finds the keys of any client. Those of a client by URL are asked for again when they are no longer fresh. */
export const createFindAnyKeys =
  (dependencies: Dependencies): FindClientKeys =>
  async ({ id, keys = [] }) => {
    if (!isClientUrl(id)) return keys
    const document = await readDocument(id, dependencies)
    if (!document.ok) return []
    const { keys: own, jwksUri } = document.value
    return own ?? (jwksUri === undefined ? [] : keysAt(jwksUri, id, dependencies))
  }

/** The same from what is kept only, however old it is: enough where a client can do no more than end what it holds. */
export const createFindKeptKeys =
  ({ store }: Pick<Dependencies, 'store'>): FindClientKeys =>
  async ({ id, keys = [] }) => {
    if (!isClientUrl(id)) return keys
    const [document, kept] = await allSettledThenThrow([store.findDocument(id), store.findKeys(id)])
    const read = readClientDocument(document?.value, id)
    if (!read.ok) return []
    const { keys: own, jwksUri } = read.value
    return own ?? (kept && jwksUri !== undefined ? readKept(kept.value, jwksUri) : undefined) ?? []
  }

async function keysAt(
  jwksUri: string,
  id: string,
  { store, fetchMetadata, clock, memory }: Dependencies,
): Promise<readonly ClientKey[]> {
  const kept = await store.findKeys(id)
  const former = kept && kept.freshUntil > clock() ? readKept(kept.value, jwksUri) : undefined
  if (former) return former
  const fetched = await fetchMetadata('keys', jwksUri)
  const keys = fetched.ok ? readClientKeys(fetched.value.value) : undefined
  if (!fetched.ok || !keys) return []
  const freshUntil = Math.floor(clock()) + fetched.value.freshFor
  await store.putKeys(id, { value: { jwksUri, jwks: { keys } }, freshUntil }, freshUntil + memory)
  return keys
}

/** Those of another address are not the client's: its document has named another one since. */
function readKept(value: unknown, jwksUri: string): readonly ClientKey[] | undefined {
  const { jwksUri: from, jwks } = Object(value)
  return from === jwksUri ? readClientKeys(jwks) : undefined
}
