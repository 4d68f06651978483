import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { FindConsent, GivenConsent } from '../../../domain/oauth/consent.ts'
import { consentKey } from '../table/keys.ts'
import { createTable, type Item } from '../table/table.ts'

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
    client: { id: String(sk), registration },
    scope: [...scope].filter((token): token is string => typeof token === 'string' && token !== ''),
  }
}
