import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { isAmr } from '../../../domain/authentication.ts'
import type { AuthorizationCodeStore, CodeGrantee, CodeProof } from '../../../domain/oauth/authorization-code.ts'
import { createTable, type Item, type Key } from '../table/table.ts'

const codeKey = (id: string): Key => ({ pk: `CODE#authorize#${id}`, sk: 'CODE' })

/** Authorization codes in DynamoDB, one item each. TTL deletes late, so the time is part of the condition. */
export function createDynamoDbAuthorizationCodes(
  client: DynamoDBDocumentClient,
  tableName: string,
): AuthorizationCodeStore {
  const table = createTable(client, tableName)
  return {
    putNewAuthorizationCode: async (id, grantee, { goodUntil, expiresAt }) => {
      const given = Object.fromEntries(Object.entries(grantee).filter(([, value]) => value !== undefined))
      const item = { ...codeKey(id), ...given, goodUntil, ttl: expiresAt }
      // A second try, after a response that got lost, finds the first one's work: an id is never used twice.
      await table.put(item, { ConditionExpression: 'attribute_not_exists(sessionId)' })
    },
    useAuthorizationCode: async (id, proof, sessionId, now) => {
      const { written, item } = await table.update(codeKey(id), use(proof, sessionId, now))
      if (!item) return undefined
      const grantee = toGrantee(item)
      if (written) return { grantee }
      const { sessionId: usedBy } = item
      if (typeof usedBy !== 'string' || !isProved(grantee, proof)) return undefined
      // Our own: the SDK repeated a write that had succeeded.
      return usedBy === sessionId ? { grantee } : { used: { grantee, sessionId: usedBy } }
    },
  }
}

function use({ clientId, redirectUri, codeChallenge }: CodeProof, sessionId: string, now: number) {
  const conditions = [
    'attribute_not_exists(sessionId)',
    'goodUntil > :now',
    'clientId = :client',
    codeChallenge === undefined ? 'attribute_not_exists(codeChallenge)' : 'codeChallenge = :challenge',
    // OAuth 2.1 needs no redirect URI here, because the challenge binds the code to its client; without one it is needed.
    ...(redirectUri === undefined ? ['attribute_exists(codeChallenge)'] : ['redirectUri = :redirect']),
  ]
  return {
    ConditionExpression: conditions.join(' AND '),
    UpdateExpression: 'SET sessionId = :session',
    ExpressionAttributeValues: {
      ':session': sessionId,
      ':now': now,
      ':client': clientId,
      ...(codeChallenge !== undefined && { ':challenge': codeChallenge }),
      ...(redirectUri !== undefined && { ':redirect': redirectUri }),
    },
  }
}

// The same as the condition, for a code that was used before.
const isProved = (grantee: CodeGrantee, { clientId, redirectUri, codeChallenge }: CodeProof): boolean =>
  grantee.clientId === clientId &&
  grantee.codeChallenge === codeChallenge &&
  (redirectUri === undefined ? codeChallenge !== undefined : grantee.redirectUri === redirectUri)

function toGrantee({ pk: _, sk: __, ttl: ___, goodUntil: ____, sessionId: _____, ...grantee }: Item): CodeGrantee {
  const {
    clientId,
    registration,
    redirectUri,
    scope,
    groups = [],
    sub,
    epoch,
    sso,
    signIn,
    authTime,
    amr,
    isFirstParty,
  } = grantee
  const texts = [clientId, registration, redirectUri, sub, sso, signIn]
  const isComplete =
    texts.every((text) => typeof text === 'string') &&
    Array.isArray(scope) &&
    Array.isArray(groups) &&
    typeof epoch === 'number' &&
    typeof authTime === 'number' &&
    typeof isFirstParty === 'boolean' &&
    isAmr(amr)
  if (!isComplete) throw new TypeError('An authorization code in the table lacks a field.')
  return grantee as CodeGrantee
}
