import { isAmr } from '../../../domain/authentication.ts'
import type { CodeGrant, Session } from '../../../domain/sessions/session.ts'
import { sessionKey } from '../table/keys.ts'
import type { Item } from '../table/table.ts'

/** DynamoDB deletes by whole seconds, and never a session that is still alive. */
export const ttlOf = (expiresAt: number): number => Math.ceil(expiresAt)

// Times as one text, which a condition can compare.
export const textOf = (times: readonly number[]): string => times.join(' ')
const timesOf = (text: string): readonly number[] => (text === '' ? [] : text.split(' ').map(Number))

// The only place that knows the attributes of a session; one that is missing is a fault, not a default.
export const toItem = ({ sub, id, scope, amr, lateRetries, ...rest }: Session, expiresAt: number) => ({
  ...sessionKey(sub, id),
  ...rest,
  scope: [...scope],
  amr: [...amr],
  lateRetries: textOf(lateRetries),
  ttl: ttlOf(expiresAt),
})

export function toSession(item: Item): Session {
  const {
    pk,
    sk,
    clientId,
    scope,
    epoch,
    authTime,
    amr,
    createdAt,
    lastUsedAt,
    secretHash,
    salt,
    lateRetries,
    claims,
    codeGrant,
  } = item
  const isComplete =
    typeof clientId === 'string' &&
    Array.isArray(scope) &&
    typeof epoch === 'number' &&
    typeof authTime === 'number' &&
    isAmr(amr) &&
    typeof createdAt === 'number' &&
    typeof lastUsedAt === 'number' &&
    typeof secretHash === 'string' &&
    (salt === undefined || typeof salt === 'string') &&
    typeof lateRetries === 'string' &&
    (claims === undefined || typeof claims === 'string') &&
    (codeGrant === undefined || isCodeGrant(codeGrant))
  if (!isComplete) throw new TypeError('A session in the table lacks a field.')
  const session = { clientId, scope, epoch, authTime, amr, createdAt, lastUsedAt, secretHash, claims }
  const retries = { lateRetries: timesOf(lateRetries) }
  const optional = { ...(salt !== undefined && { salt }), ...(codeGrant !== undefined && { codeGrant }) }
  return { ...idsOf(pk, sk), ...session, ...retries, ...optional }
}

function isCodeGrant(value: unknown): value is CodeGrant {
  const { registration, isFirstParty, isOffline, sso } = Object(value)
  const isKnown =
    typeof registration === 'string' && typeof isFirstParty === 'boolean' && typeof isOffline === 'boolean'
  return isKnown && (sso === undefined || typeof sso === 'string')
}

const prefix = sessionKey('', '')
const idsOf = (pk: unknown, sk: unknown) => ({
  sub: String(pk).slice(prefix.pk.length),
  id: String(sk).slice(prefix.sk.length),
})
