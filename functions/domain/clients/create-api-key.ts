import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'
import { grantScope } from '../scopes/scope.ts'
import { type ApiKeyStore, newApiKey } from './api-key.ts'

/**
 * `epoch` is that of the owner, read before the account. `allowed` is the scope of the access token that asks, and `asked`
 * undefined means all of it. `lifetime` in seconds.
 */
type ApiKeyRequest = {
  readonly owner: { readonly sub: string; readonly scope: readonly string[] }
  readonly epoch: number
  readonly allowed: readonly string[]
  readonly asked: readonly string[] | undefined
  readonly name: string
  readonly lifetime: number
}

/** `key` is shown this once. */
type CreatedApiKey = { readonly id: string; readonly key: string }

export type ApiKeyFailure = { readonly reason: 'scope_too_wide' | 'too_many_keys' | 'session_ended' }

export type CreateApiKey = (request: ApiKeyRequest) => Promise<Result<CreatedApiKey, ApiKeyFailure>>

type Dependencies = {
  readonly apiKeys: Pick<ApiKeyStore, 'addApiKey'>
  readonly randomBytes: (count: number) => Uint8Array
  readonly clock: Clock
  /** The scopes of the service. */
  readonly scopes: readonly string[]
}

/** Creates an API key. It never gets more than the access token that asks for it, and more that is asked is refused. */
export function createCreateApiKey({ apiKeys, randomBytes, clock, scopes }: Dependencies): CreateApiKey {
  return async ({ owner, epoch, allowed, asked, name, lifetime }) => {
    const scope = grantScope(asked, owner.scope, allowed, scopes)
    if (asked?.some((token) => !scope.includes(token))) return fail({ reason: 'scope_too_wide' })
    const { id, key, secretHash } = newApiKey(randomBytes)
    const createdAt = Math.floor(clock())
    const times = { createdAt, expiresAt: createdAt + lifetime }
    const added = await apiKeys.addApiKey({ id, sub: owner.sub, secretHash, scope, epoch, ...times }, name)
    return added.ok ? succeed({ id, key }) : added
  }
}
