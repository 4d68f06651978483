import type { AskedRoute } from '../../domain/scopes/route-rules.ts'
import { readBearerToken } from './bearer.ts'
import { readConnectToken } from './connect-token.ts'
import { type Members, membersOf } from './members.ts'

/** The kinds of API that ask an authorizer. Anything else is `unknown`, and denied. */
type AskingApi = 'http' | 'http-1.0' | 'rest' | 'websocket' | 'unknown'

/** What the authorizer reads of an event. */
export type AuthorizerRequest = AskedRoute & {
  readonly api: AskingApi
  /** The resource of a policy: every route of the API's stage. Undefined where the answer is not a policy. */
  readonly policyResource: string | undefined
  readonly token: string | undefined
  /** What the log says of where it came from, and for what. */
  readonly origin: {
    readonly request_id: string | undefined
    readonly source_ip: string | undefined
    readonly route: string | undefined
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Reads any event. A token in the query is read only of a WebSocket, and only if `queryToken` allows it. */
export function readAuthorizerRequest(event: unknown, queryToken: boolean): AuthorizerRequest {
  const members = membersOf(event)
  const context = membersOf(members['requestContext'])
  const policyResource = stageOf(members['methodArn'])
  const api = apiOf(members, context, policyResource !== undefined)
  const routeKeys = routeKeysOf(members, context)
  return {
    api,
    policyResource: api === 'http' ? undefined : policyResource,
    token: tokenOf(api, members, queryToken),
    apiId: textOf(context['apiId']),
    routeKeys,
    keyedByRoute: isKeyedByRoute(api, members),
    origin: {
      request_id: textOf(context['requestId']),
      source_ip: textOf(membersOf(context['http'] ?? context['identity'])['sourceIp']),
      route: routeKeys[0],
    },
  }
}

// The API and its stage. Neither can contain a wildcard, which would widen a policy.
function stageOf(methodArn: unknown): string | undefined {
  const arn = /^(arn:[\w-]+:execute-api:[\w-]+:\d+:\w+\/(?:\$default|[\w-]+)\/)/.exec(textOf(methodArn) ?? '')
  return arn ? `${arn[1]}*` : undefined
}

function apiOf({ version, type }: Members, { eventType }: Members, hasStage: boolean): AskingApi {
  if (version === '2.0' && type === 'REQUEST') return 'http'
  if (!hasStage) return 'unknown'
  if (version === '1.0' && type === 'REQUEST') return 'http-1.0'
  if (version !== undefined) return 'unknown'
  if (type === 'TOKEN') return 'rest'
  if (type !== 'REQUEST') return 'unknown'
  return eventType === 'CONNECT' ? 'websocket' : 'rest'
}

function tokenOf(api: AskingApi, event: Members, queryToken: boolean): string | undefined {
  if (api === 'websocket') return readConnectToken(event, queryToken)
  const { type, authorizationToken, headers, multiValueHeaders } = event
  return type === 'TOKEN'
    ? readBearerToken({ authorization: authorizationToken })
    : readBearerToken(headers, multiValueHeaders)
}

// Where the event names method and path instead of the route, the route may be one for any method.
function routeKeysOf({ routeKey, httpMethod, resource }: Members, context: Members): readonly string[] {
  const key = textOf(routeKey) ?? textOf(context['routeKey'])
  if (key !== undefined) return [key]
  const method = textOf(httpMethod)
  const path = textOf(resource)
  return method && path ? [`${method} ${path}`, `ANY ${path}`] : []
}

// Only payload 2.0 shows what an answer is cached by.
function isKeyedByRoute(api: AskingApi, { identitySource, routeKey }: Members): boolean | undefined {
  return api === 'http' ? Array.isArray(identitySource) && identitySource.includes(routeKey) : undefined
}
