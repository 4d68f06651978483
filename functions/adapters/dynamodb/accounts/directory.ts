import type { PageRequest } from '../../../domain/accounts/account.ts'
import { allSettledThenThrow } from '../../../domain/all-settled-then-throw.ts'
import { directories } from '../table/keys.ts'
import type { Item, Table } from '../table/table.ts'

type DirectoryPage = { readonly entries: readonly Item[]; readonly cursor: string | undefined }

const identifierOf = ({ sk }: Item): string => String(sk)

// As DynamoDB sorts: by the bytes of UTF-8, which is not the order of JavaScript's strings.
const byBytes = (a: Item, b: Item): number => Buffer.compare(Buffer.from(identifierOf(a)), Buffer.from(identifierOf(b)))

/** Accounts by identifier, from all partitions of the directory. The cursor is the last identifier of the page. */
export async function listDirectory(table: Table, { prefix, after, limit }: PageRequest): Promise<DirectoryPage> {
  // One more than the page holds tells whether there is another page.
  const pages = await allSettledThenThrow(directories.map((pk) => table.query(pageOf(pk, prefix, after, limit + 1))))
  const found = pages.flat().toSorted(byBytes)
  const entries = found.slice(0, limit)
  const last = entries.at(-1)
  return { entries, cursor: last && found.length > limit ? identifierOf(last) : undefined }
}

const pageOf = (pk: string, prefix: string, after: string | undefined, Limit: number) => ({
  KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
  ExpressionAttributeValues: { ':pk': pk, ...(prefix !== '' && { ':prefix': prefix }) },
  ...(after !== undefined && { ExclusiveStartKey: { pk, sk: after } }),
  Limit,
})
