import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

const reads = ['GetItemCommand', 'GetCommand', 'QueryCommand', 'ScanCommand', 'BatchGetCommand']

/** Counts what a client asks DynamoDB from now on. What a call costs is part of the contract. */
export function countCalls(client: DynamoDBDocumentClient) {
  const names: string[] = []
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        names.push(commandName)
        return next(args)
      },
    { step: 'initialize', name: 'countCalls', override: true },
  )
  const count = () => ({
    reads: names.filter((name) => reads.includes(name)).length,
    writes: names.filter((name) => !reads.includes(name)).length,
  })
  return {
    /** The calls since the last time. */
    take: () => {
      const counted = count()
      names.length = 0
      return counted
    },
  }
}
