import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

/** Notes every call that a client makes from now on: a read with how consistent it is, a write by its operation. */
export function countCalls(client: DynamoDBDocumentClient): readonly string[] {
  const calls: string[] = []
  observeCalls(client, (name) => {
    calls.push(name)
    return () => undefined
  })
  return calls
}

/**
 * Notes the round trips that a client makes from now on, one caller at a time: the calls that are under way together. A
 * call that starts after another was answered begins a new one.
 */
export function countRoundTrips(client: DynamoDBDocumentClient): string[][] {
  const trips: string[][] = []
  let answered = true
  observeCalls(client, (name) => {
    if (answered) trips.push([])
    answered = false
    trips.at(-1)?.push(name)
    return () => {
      answered = true
    }
  })
  return trips
}

/** `begin` is told of each call, and what it returns when the call was answered. An SDK retry is part of its call. */
function observeCalls(client: DynamoDBDocumentClient, begin: (name: string) => () => void): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const operation = commandName.replace(/Command$/, '')
        const isRead = ['GetItem', 'Query'].includes(operation)
        const consistent = 'ConsistentRead' in args.input && args.input.ConsistentRead === true
        const end = begin(isRead ? `${operation}, ${consistent ? 'consistent' : 'eventual'}` : operation)
        return next(args).finally(end)
      },
    { step: 'initialize', name: `observeCalls ${Math.random()}` },
  )
}
