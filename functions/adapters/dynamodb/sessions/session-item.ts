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

export function toSession({ pk, sk, ttl: _, lateRetries, ...item }: Item): Session {
  const { scope, amr, salt, claims, codeGrant } = item
  const areAll = (type: string, names: readonly string[]) => names.every((name) => typeof item[name] === type)
  const isComplete =
    areAll('string', ['clientId', 'secretHash']) &&
    areAll('number', ['epoch', 'authTime', 'createdAt', 'lastUsedAt']) &&
    Array.isArray(scope) &&
    isAmr(amr) &&
    (salt === undefined || typeof salt === 'string') &&
    typeof lateRetries === 'string' &&
    (claims === undefined || typeof claims === 'string') &&
    (codeGrant === undefined || isCodeGrant(codeGrant))
  if (!isComplete) throw new TypeError('A session in the table lacks a field.')
  return { ...item, ...idsOf(pk, sk), lateRetries: timesOf(lateRetries) } as Session
}

function isCodeGrant(value: unknown): value is CodeGrant {
  const { registration, isFirstParty, isOffline, sso, resource } = Object(value)
  const isKnown =
    typeof registration === 'string' && typeof isFirstParty === 'boolean' && typeof isOffline === 'boolean'
  return isKnown && [sso, resource].every((text) => text === undefined || typeof text === 'string')
}

const prefix = sessionKey('', '')
const idsOf = (pk: unknown, sk: unknown) => ({
  sub: String(pk).slice(prefix.pk.length),
  id: String(sk).slice(prefix.sk.length),
})
