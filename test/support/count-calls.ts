import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

/** Notes every call that a client makes from now on: a read with how consistent it is, a write by its operation. */
export function countCalls(client: DynamoDBDocumentClient): readonly string[] {
  const calls: string[] = []
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        const operation = commandName.replace(/Command$/, '')
        const isRead = ['GetItem', 'Query'].includes(operation)
        const consistent = 'ConsistentRead' in args.input && args.input.ConsistentRead === true
        calls.push(isRead ? `${operation}, ${consistent ? 'consistent' : 'eventual'}` : operation)
        return next(args)
      },
    { step: 'initialize', name: 'countCalls' },
  )
  return calls
}
