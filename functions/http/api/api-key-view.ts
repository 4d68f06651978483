import type { ListedApiKey } from '../../domain/clients/api-key.ts'
import { formatScope } from '../../domain/scopes/scope.ts'

/** An API key as its owner and administrators see it: nothing that proves anything. Times are NumericDates. */
export type ApiKeyView = {
  readonly id: string
  readonly name: string
  readonly scope: string
  readonly created_at: number
  readonly expires_at: number
  /** The beginning of the day, UTC; null where it was never used. */
  readonly last_used_at: number | null
}

export const viewApiKeys = (keys: readonly ListedApiKey[]): readonly ApiKeyView[] =>
  keys.map(({ id, name, scope, createdAt, expiresAt, lastUsedAt = null }) => {
    const times = { created_at: createdAt, expires_at: expiresAt, last_used_at: lastUsedAt }
    return { id, name, scope: formatScope(scope), ...times }
  })
