import type { Session } from '../../domain/sessions/session.ts'

export type SessionItem = Readonly<Record<string, unknown>>

// The one place that knows how a session lies in the table; a field that is missing there is a fault, not a default.
export const keyOf = (sub: string, id: string) => ({ pk: `SUB#${sub}`, sk: `SESSION#${id}` })
export const itemKey = ({ pk, sk }: SessionItem) => ({ pk, sk })

/** DynamoDB deletes by whole seconds, and never a session that is still alive. */
export const ttlOf = (expiresAt: number): number => Math.ceil(expiresAt)

export const toItem = ({ sub, id, scope, ...rest }: Session, expiresAt: number) => ({
  ...keyOf(sub, id),
  ...rest,
  scope: [...scope],
  ttl: ttlOf(expiresAt),
})

export function toSession(item: SessionItem): Session {
  const { pk, sk, username, clientId, scope, epoch, createdAt, lastUsedAt, secretHash, salt } = item
  const sound =
    typeof username === 'string' &&
    typeof clientId === 'string' &&
    Array.isArray(scope) &&
    typeof epoch === 'number' &&
    typeof createdAt === 'number' &&
    typeof lastUsedAt === 'number' &&
    typeof secretHash === 'string' &&
    (salt === undefined || typeof salt === 'string')
  if (!sound) throw new TypeError('A session in the table lacks one of its fields.')
  const session = { username, clientId, scope, epoch, createdAt, lastUsedAt, secretHash }
  return { ...idsOf(pk, sk), ...session, ...(salt === undefined ? {} : { salt }) }
}

const prefix = keyOf('', '')
const idsOf = (pk: unknown, sk: unknown) => ({
  sub: String(pk).slice(prefix.pk.length),
  id: String(sk).slice(prefix.sk.length),
})
