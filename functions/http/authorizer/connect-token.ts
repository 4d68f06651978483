import { readBearerToken } from './bearer.ts'
import { soleValue } from './sole-value.ts'

/** Where the token of a WebSocket's `$connect` may be. */
type ConnectEvent = {
  readonly headers?: unknown
  readonly multiValueHeaders?: unknown
  readonly queryStringParameters?: unknown
  readonly multiValueQueryStringParameters?: unknown
}

/**
 * The token with which a WebSocket connects. A browser cannot set headers, so it offers the subprotocols `bearer` and the
 * token (RFC 6455 section 4.1). The query is read only if that is allowed, because URLs end up in logs. Undefined also for
 * tokens in more than one place (RFC 6750 section 2).
 */
export function readConnectToken(event: ConnectEvent, queryToken: boolean): string | undefined {
  const { headers, multiValueHeaders, queryStringParameters: query, multiValueQueryStringParameters: queries } = event
  const places = [
    readBearerToken(headers, multiValueHeaders),
    tokenAmong(soleValue('sec-websocket-protocol', headers, multiValueHeaders) ?? ''),
    queryToken ? soleValue('access_token', query, queries) : undefined,
  ]
  const [token, ...more] = places.filter((found) => found !== undefined)
  return more.length === 0 ? token : undefined
}

function tokenAmong(subprotocols: string): string | undefined {
  const offered = subprotocols.split(',').map((name) => name.trim())
  const marker = offered.indexOf('bearer')
  return marker >= 0 && marker === offered.lastIndexOf('bearer') ? offered[marker + 1] : undefined
}
