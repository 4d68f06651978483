import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Allowance, FindConsent, GivenConsent } from '../../../domain/oauth/consent.ts'
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
    allowed: toAllowances([...scope].map(String)),
  }
}

/**
 * What is allowed as the elements of one set, so that more is added in one write: each scope token, with a space and the
 * resource behind it where it is for one. An empty token says that something was allowed there, be it no scope at all.
 */
export const elementsOf = ({ scope, resource }: Allowance): ReadonlySet<string> =>
  new Set(['', ...scope].map((token) => (resource === undefined ? token : `${token} ${resource}`)))

function toAllowances(elements: readonly string[]): readonly Allowance[] {
  const read = elements.map((element) => element.split(' '))
  return read
    .filter(([token]) => token === '')
    .map(([, resource]) => ({
      resource,
      scope: read.filter(([token, of]) => token !== '' && of === resource).map(([token = '']) => token),
    }))
}
