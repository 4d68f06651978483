import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

const fault = () =>
  Object.assign(new Error('We encountered an internal error'), {
    ...{ name: 'InternalServerError', $fault: 'server', $metadata: { httpStatusCode: 500 } },
  })

/**
 * A client whose call number `at`, counted from 0, is not answered: it was not sent, or with `isSent` its answer got lost.
 * The others are made.
 */
export function failAt(client: DynamoDBDocumentClient, at: number, isSent: boolean) {
  const calls = { made: 0 }
  const send = async (...args: Parameters<DynamoDBDocumentClient['send']>) => {
    const number = calls.made
    calls.made += 1
    if (number !== at) return client.send(...args)
    if (isSent) await client.send(...args)
    throw fault()
  }
  const failing: DynamoDBDocumentClient = Object.create(client, { send: { value: send } })
  return { client: failing, calls }
}
