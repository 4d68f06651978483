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
