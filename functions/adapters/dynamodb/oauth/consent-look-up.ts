import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { FindConsent, GivenConsent } from '../../../domain/oauth/consent.ts'
import { accountKey } from '../table/keys.ts'
import { createTable, type Item, type Key } from '../table/table.ts'

export const consentPrefix = 'CONSENT#'

export const consentKey = (sub: string, clientId: string): Key => ({
  pk: accountKey(sub).pk,
  sk: `${consentPrefix}${clientId}`,
})

/** Finds consents in DynamoDB: the bundle of a function that people wait for carries no more. */
export function createFindConsent(client: DynamoDBDocumentClient, tableName: string): FindConsent {
  const table = createTable(client, tableName)
  return async (sub, { id, registration }) => {
    const item = await table.get(consentKey(sub, id))
    return item?.['registration'] === registration ? toConsent(item) : undefined
  }
}

export function toConsent({ sk, registration, consentId, scope }: Item): GivenConsent {
  if (typeof registration !== 'string' || typeof consentId !== 'string' || !(scope instanceof Set))
    throw new TypeError('A consent in the table lacks a field.')
  return {
    id: consentId,
    client: { id: String(sk).slice(consentPrefix.length), registration },
    scope: [...scope].filter((token): token is string => typeof token === 'string' && token !== ''),
  }
}
