import type { Duration } from 'aws-cdk-lib/core'
import * as v from 'valibot'
import { choice, seconds, show, wordList } from '../settings/setting-schemas.ts'

export type AuthorizerOptions = {
  /**
   * The scopes that a token must have, all of them.
   * @default - none: every good token will do
   */
  readonly scopes?: readonly string[]
  /**
   * The groups of which the caller must be in one, as `set-groups` names them. Tokens of machines and API keys are in
   * none.
   * @default - any valid token will do
   */
  readonly groups?: readonly string[]
  /**
   * How long ago the caller may have logged in, 1 second to a year. A number is in seconds. A refresh does not count as a log-in.
   * @default - any time ago
   */
  readonly maxAge?: Duration | number
  /**
   * What the log-in must be worth: `mfa` for more than one factor, `pwd` for any log-in of a person.
   * @default - nothing: tokens of machines and API keys will do too
   */
  readonly acr?: 'pwd' | 'mfa'
}

export type CachedAuthorizerOptions = AuthorizerOptions & {
  /**
   * How long API Gateway may go on with the last answer for a token and a route with `maxAge` or `acr`, 0 to an hour. A
   * log-in may be that much older than `maxAge`. A number is in seconds.
   * @default 0
   */
  readonly cache?: Duration | number
}

export type WebSocketAuthorizerOptions = AuthorizerOptions & {
  /**
   * Where a client puts its token: in the header `Authorization`; in `Sec-WebSocket-Protocol` as the subprotocols
   * `bearer` and the token, which is what a browser can do; or in the query as `access_token`, where it ends up in logs.
   * @default 'header'
   */
  readonly token?: 'header' | 'subprotocol' | 'query'
}

/**
 * What routes ask for beyond a good token; beyond scopes and groups it is step-up, whose answers are kept for `cache` seconds.
 * `groups` undefined: the caller need not be in any.
 */
export type Demand = {
  readonly scopes: readonly string[]
  readonly groups: readonly string[] | undefined
  readonly maxAge: number | undefined
  readonly acr: 'pwd' | 'mfa' | undefined
  readonly cache: number | undefined
}

const schema = v.object({
  scopes: v.optional(wordList('scopes', 1)),
  groups: v.optional(wordList('groups', 1)),
  maxAge: v.optional(seconds({ min: 1, max: 31_536_000 })),
  acr: v.optional(choice('pwd', 'mfa')),
  cache: v.optional(seconds({ min: 0, max: 3600 })),
})

/** Undefined where a good token is enough. @throws Error naming the option that is wrong and what is allowed. */
export function readDemand(options: CachedAuthorizerOptions): Demand | undefined {
  const result = v.safeParse(schema, options)
  if (!result.success) throw new Error(explain(result.issues[0], options))
  const { scopes = [], groups, maxAge, acr, cache } = result.output
  if (maxAge !== undefined || acr !== undefined) return { scopes, groups, maxAge, acr, cache: cache ?? 0 }
  if (cache !== undefined)
    throw new Error('cache: only with maxAge or acr. Other answers are kept for authorizerCache.')
  return scopes.length > 0 || groups ? { scopes, groups, maxAge, acr, cache } : undefined
}

function explain({ message, path }: v.InferIssue<typeof schema>, options: object): string {
  const name = String(path?.[0].key)
  return `${name}: ${message}, not ${show(new Map<string, unknown>(Object.entries(options)).get(name))}`
}
