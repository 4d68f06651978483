import * as v from 'valibot'
import type { Invocation } from '../lambda/lambda.ts'
import { type Answer, internalServerError, message } from './gateway-answer.ts'
import type { ProxyEvent } from './proxy-event.ts'

export type Authorizer = {
  readonly id: string
  readonly functionArn: string
  readonly identitySources: readonly string[]
  /** How many seconds an answer serves again; 0 = not at all. */
  readonly resultTtl: number
}

/** `identity` is what the function finds in `requestContext.authorizer`. */
export type Verdict =
  | { readonly allowed: true; readonly identity: Readonly<Record<string, unknown>> }
  | { readonly allowed: false; readonly answer: Answer }

export type Authorize = (authorizer: Authorizer, event: ProxyEvent, routeArn: string) => Promise<Verdict>

const simpleAnswer = v.object({
  isAuthorized: v.boolean(),
  context: v.nullish(v.record(v.string(), v.unknown())),
})

export const refused = (answer: Answer): Verdict => ({ allowed: false, answer })

/**
 * Asks a Lambda authorizer (payload format 2.0, simple answers) and keeps what it says.
 * `ask` may reject or come late: both are an authorizer's fault, which is a 500 and is never kept.
 */
export function createAuthorize(
  ask: (functionArn: string, event: object) => Promise<Invocation | 'late'>,
  clock: () => number,
): Authorize {
  // One answer, also a denial, serves every route that uses the authorizer, because the key is only the identity.
  const kept = new Map<string, { readonly verdict: Verdict; readonly until: number }>()

  return async (authorizer, event, routeArn) => {
    const identity = authorizer.identitySources.map((source) => readIdentity(source, event))
    if (!identity.every((value) => value)) return refused(message(401, 'Unauthorized'))
    const key = JSON.stringify([authorizer.id, ...identity])
    const before = kept.get(key)
    if (before && clock() < before.until) return before.verdict

    const verdict = readVerdict(await ask(authorizer.functionArn, authorizerEvent(event, identity, routeArn)))
    if (!verdict) return refused(internalServerError())
    for (const [other, { until }] of kept) if (until <= clock()) kept.delete(other)
    kept.set(key, { verdict, until: clock() + authorizer.resultTtl })
    return verdict
  }
}

export const isIdentitySource = (source: string) =>
  /^\$request\.(header|querystring)\.[^.]+$/.test(source) || source === '$context.routeKey'

export function readIdentity(source: string, event: ProxyEvent): string | undefined {
  const [, , kind, name = ''] = source.split(/[$.]/)
  if (kind === 'header') return event.headers[name.toLowerCase()]
  if (kind === 'querystring') return event.queryStringParameters?.[name]
  return source === '$context.routeKey' ? event.routeKey : undefined
}

function authorizerEvent(event: ProxyEvent, identity: readonly (string | undefined)[], routeArn: string) {
  const { body, isBase64Encoded, ...rest } = event
  // AWS gives the values in no particular order; backwards, so that nobody leans on one.
  return { ...rest, type: 'REQUEST', routeArn, identitySource: identity.toReversed() }
}

function readVerdict(invocation: Invocation | 'late'): Verdict | undefined {
  if (invocation === 'late' || invocation.functionError) return undefined
  const result = v.safeParse(simpleAnswer, JSON.parse(invocation.payload))
  if (!result.success) return undefined
  if (!result.output.isAuthorized) return refused(message(403, 'Forbidden'))
  return { allowed: true, identity: { lambda: result.output.context ?? {} } }
}
