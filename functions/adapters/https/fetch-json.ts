import { lookup } from 'node:dns/promises'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Agent, type RequestOptions, request } from 'node:https'
import { isIP } from 'node:net'
import type { FetchFailure, FetchJson } from '../../domain/clients/fetch-metadata.ts'
import { fail, type Result, succeed } from '../../domain/result.ts'
import { parseStrictJson } from '../../domain/tokens/strict-json.ts'
import { freshnessOf } from './freshness.ts'
import { isPublicAddress } from './public-address.ts'

type Address = { readonly address: string; readonly family: number }

/** All addresses of a host. */
type Resolve = (host: string) => Promise<readonly Address[]>

/**
 * What stands for the internet. Only tests give any of it, as arguments: there is no variable and no setting by which a
 * private address could be reached. `timeLimit` is in milliseconds.
 */
export type Internet = {
  readonly resolve?: Resolve
  readonly isAllowed?: (address: string) => boolean
  readonly port?: number
  readonly ca?: string
  readonly timeLimit?: number
  readonly now?: () => number
}

const maxLength = 5 * 1024
const defaultTimeLimit = 5000

const resolveAll: Resolve = (host) => lookup(host, { all: true })

/**
 * Fetches JSON from a URL that somebody else has chosen: https on port 443, to a host with a name. The name is resolved once,
 * each of its addresses must be public, and only these are dialled, so that a name that changes its mind reaches nothing
 * else. There is no redirect, no proxy, no connection that stays open, and one limit of time for all of it.
 */
export function createFetchJson(internet: Internet = {}): FetchJson {
  const { timeLimit = defaultTimeLimit } = internet
  return async (text) => {
    const url = URL.parse(text)
    if (url === null || !isFetchable(url)) return failed('refused_url')
    const end = new AbortController()
    const timer = Promise.withResolvers<ReturnType<typeof failed>>()
    const clock = setTimeout(() => {
      timer.resolve(failed('too_slow'))
      end.abort()
    }, timeLimit)
    try {
      return await Promise.race([fetchFrom(url, internet, end.signal), timer.promise])
    } finally {
      clearTimeout(clock)
      end.abort()
    }
  }
}

const failed = (reason: FetchFailure['reason']) => fail({ reason } as const)

const isFetchable = ({ protocol, hostname, port, username, password }: URL): boolean =>
  protocol === 'https:' && port === '' && username === '' && password === '' && !isLiteral(hostname)

// Node does not look these up, so no address of theirs would be checked.
const isLiteral = (hostname: string): boolean => hostname.startsWith('[') || isIP(hostname) !== 0

async function fetchFrom(
  url: URL,
  { resolve = resolveAll, isAllowed = isPublicAddress, now = Date.now, ...internet }: Internet,
  signal: AbortSignal,
): ReturnType<FetchJson> {
  const addresses = await resolve(url.hostname).catch(() => [])
  if (addresses.length === 0) return failed('unknown_host')
  if (!addresses.every(({ address }) => isAllowed(address))) return failed('refused_address')
  if (signal.aborted) return failed('too_slow')
  try {
    const response = await send(url, { addresses, signal, ...internet })
    const refused = whatIsWrong(response)
    if (refused) return failed(refused)
    const body = await readBody(response)
    if (!body.ok) return body
    const value = parse(body.value)
    return value === undefined
      ? failed('malformed_json')
      : succeed({ value, freshFor: freshnessOf(response.headers, now()) })
  } catch {
    return failed(signal.aborted ? 'too_slow' : 'unreachable')
  }
}

type Dialling = Pick<Internet, 'port' | 'ca'> & { readonly addresses: readonly Address[]; readonly signal: AbortSignal }

function send(url: URL, { addresses, signal, port = 443, ca }: Dialling): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const options: RequestOptions = {
    // Of its own: the global one may know a proxy, and keeps connections.
    agent: new Agent({ keepAlive: false, maxCachedSessions: 0 }),
    headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'latchkey' },
    lookup: lookUpIn(addresses),
    // Whatever the environment says.
    rejectUnauthorized: true,
    insecureHTTPParser: false,
    ...{ port, signal, servername: url.hostname },
    ...(ca !== undefined && { ca }),
  }
  // The listener stays: a request that is aborted while its response is read reports an error too.
  request(url, options).on('error', reject).once('response', resolve).end()
  return promise
}

/** Answers with what has been resolved and checked, whatever is asked. */
const lookUpIn =
  (addresses: readonly Address[]): NonNullable<RequestOptions['lookup']> =>
  (_, { all }, callback) => {
    const [first] = addresses
    if (all || !first) callback(null, [...addresses])
    else callback(null, first.address, first.family)
  }

function whatIsWrong({ statusCode, headers }: IncomingMessage): FetchFailure['reason'] | undefined {
  if (statusCode !== 200) return 'wrong_status'
  if (!isJson(headers)) return 'wrong_media_type'
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') return 'encoded'
  return Number(headers['content-length'] ?? 0) > maxLength ? 'too_large' : undefined
}

const isJson = ({ 'content-type': type = '' }: IncomingHttpHeaders): boolean =>
  /^application\/(?:[\w.-]+\+)?json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(type)

async function readBody(response: IncomingMessage): Promise<Result<Buffer, FetchFailure>> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    length += chunk.length
    if (length > maxLength) return failed('too_large')
    chunks.push(chunk)
  }
  // A connection that ended early has sent a part, and a part of JSON may be JSON.
  return response.complete ? succeed(Buffer.concat(chunks)) : failed('unreachable')
}

function parse(body: Buffer): unknown {
  try {
    return parseStrictJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body))
  } catch {
    return undefined
  }
}
