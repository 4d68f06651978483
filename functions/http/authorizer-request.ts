import { readBearerToken } from './bearer.ts'

/** What the authorizer reads of an event: its kind, which decides the form of the answer, and what to log. */
export type AuthorizerRequest = {
  readonly kind: 'simple' | 'unknown'
  readonly token: string | undefined
  readonly requestId: string | undefined
  readonly sourceIp: string | undefined
  readonly route: string | undefined
}

type Members = Readonly<Record<string, unknown>>

const membersOf = (value: unknown): Members => (typeof value === 'object' && value !== null ? (value as Members) : {})
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Takes any event at all: what is not understood is of an unknown kind, and never let in. */
export function readAuthorizerRequest(event: unknown): AuthorizerRequest {
  const { version, type, headers, requestContext, routeKey } = membersOf(event)
  const { requestId, http } = membersOf(requestContext)
  return {
    kind: version === '2.0' && type === 'REQUEST' ? 'simple' : 'unknown',
    token: readBearerToken(headers),
    requestId: textOf(requestId),
    sourceIp: textOf(membersOf(http)['sourceIp']),
    route: textOf(routeKey),
  }
}
