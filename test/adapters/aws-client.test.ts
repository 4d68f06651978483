import type { RequestListener } from 'node:http'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { describe, expect, test } from '@jest/globals'
import { clientConfig } from '../../functions/adapters/aws-client.ts'
import { createDynamoDbAccounts } from '../../functions/adapters/dynamodb/accounts/accounts.ts'
import { readLogKey } from '../../functions/adapters/dynamodb/log-key.ts'
import { createKmsSigner } from '../../functions/adapters/kms/signer.ts'
import { Unavailable } from '../../functions/domain/unavailable.ts'
import { answerError, startFaultyAws } from '../support/fakes/aws-fault.ts'
import { openTable } from '../support/table.ts'

const hangUp: RequestListener = (request) => request.socket.destroy()
const neverAnswer: RequestListener = () => undefined
const stopHalfway: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': 2 }).write('{')
}

async function withFault<T>(
  fault: RequestListener,
  use: (aws: Awaited<ReturnType<typeof startFaultyAws>>) => Promise<T>,
) {
  const aws = await startFaultyAws(fault)
  try {
    return await use(aws)
  } finally {
    await aws.close()
  }
}

// REQ-132
describe('DynamoDB', () => {
  const find = (fault: RequestListener, changes: { readonly maxAttempts?: number } = {}) =>
    withFault(fault, async ({ config, calls }) => {
      const client = DynamoDBDocumentClient.from(new DynamoDBClient({ ...clientConfig, ...config, ...changes }))
      const outcome = await createDynamoDbAccounts(client, 't')
        .findAccount('ada')
        .catch((error: unknown) => error)
      return { outcome, calls: calls() }
    })

  test.each([
    ['throttling', answerError(400, 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException')],
    ['throttling of its control', answerError(400, 'com.amazon.coral.availability#ThrottlingException')],
    ['an internal error', answerError(500, 'com.amazonaws.dynamodb.v20120810#InternalServerError')],
    ['a connection that breaks', hangUp],
  ])('that answers with %s is asked three times and then unavailable', async (_, fault) => {
    const { outcome, calls } = await find(fault)

    expect(outcome).toBeInstanceOf(Unavailable)
    expect(calls).toBe(3)
  })

  // One try of each, for they wait as long as the functions do.
  test.each([
    ['does not answer', neverAnswer],
    ['stops in the middle of an answer', stopHalfway],
  ])('that %s is given up in time', async (_, fault) => {
    const { outcome } = await find(fault, { maxAttempts: 1 })

    expect(outcome).toBeInstanceOf(Unavailable)
  })

  test.each(['AccessDeniedException', 'ResourceNotFoundException', 'ValidationException'])(
    'that answers with %s tells of a fault of ours, which no second try mends',
    async (type) => {
      const { outcome, calls } = await find(answerError(400, `com.amazonaws.dynamodb.v20120810#${type}`))

      expect(outcome).toBeInstanceOf(Error)
      expect(outcome).not.toBeInstanceOf(Unavailable)
      expect(calls).toBe(1)
    },
  )
})

describe('KMS', () => {
  const sign = (fault: RequestListener) =>
    withFault(fault, ({ config }) => {
      const signer = createKmsSigner(new KMSClient({ ...clientConfig, ...config }), 'key', 'kid')
      return signer.sign(Buffer.from('input')).catch((error: unknown) => error)
    })

  test.each([
    ['an internal error', answerError(500, 'KMSInternalException')],
    ['throttling', answerError(400, 'ThrottlingException')],
    ['a connection that breaks', hangUp],
  ])('that answers with %s is unavailable', async (_, fault) => {
    expect(await sign(fault)).toBeInstanceOf(Unavailable)
  })

  test('that disables its key tells of a fault of ours', async () => {
    const outcome = await sign(answerError(400, 'DisabledException'))

    expect(outcome).toBeInstanceOf(Error)
    expect(outcome).not.toBeInstanceOf(Unavailable)
  })
})

// REQ-124
describe('the key that hashes names for the log', () => {
  test('is one for all instances, and not the same in another table', async () => {
    const [table, other] = await Promise.all([openTable(), openTable()])
    const hashes = await Promise.all(Array.from({ length: 10 }, () => readLogKey(table.client, table.name)))
    const otherHash = await readLogKey(other.client, other.name)

    const hashed = new Set(hashes.map((hash) => hash('eve')))
    expect(hashed.size).toBe(1)
    expect([...hashed][0]).toMatch(/^[\w-]{22}$/)
    expect(hashed).not.toContain(otherHash('eve'))
    await Promise.all([table.close(), other.close()])
  })

  test('does not stop a start when the table does not answer', async () => {
    const hash = await withFault(answerError(500, 'InternalServerError'), ({ config }) =>
      readLogKey(DynamoDBDocumentClient.from(new DynamoDBClient({ ...clientConfig, ...config })), 't'),
    )

    expect(hash('eve')).toBe(hash('eve'))
    expect(hash('eve')).not.toBe(hash('ada'))
  })
})
