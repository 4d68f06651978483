import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

/** A client that does something else before its call number `at`, counted from 0, is sent. */
export function interruptAt(client: DynamoDBDocumentClient, at: number, interrupt: () => Promise<unknown>) {
  const calls = { made: 0 }
  const send = async (...args: Parameters<DynamoDBDocumentClient['send']>) => {
    const number = calls.made
    calls.made += 1
    if (number === at) await interrupt()
    return client.send(...args)
  }
  const interrupted: DynamoDBDocumentClient = Object.create(client, { send: { value: send } })
  return { client: interrupted, calls }
}

/** A client that does something else before the first command of a kind is sent. */
export function interruptOnce(
  client: DynamoDBDocumentClient,
  isIt: (command: object) => boolean,
  interrupt: () => Promise<unknown>,
): DynamoDBDocumentClient {
  const state = { isDone: false }
  const send = async (...args: Parameters<DynamoDBDocumentClient['send']>) => {
    if (!state.isDone && isIt(args[0])) {
      state.isDone = true
      await interrupt()
    }
    return client.send(...args)
  }
  return Object.create(client, { send: { value: send } })
}
