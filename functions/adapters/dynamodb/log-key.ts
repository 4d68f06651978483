import { createHmac, randomBytes } from 'node:crypto'
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'

/** Hashes a name for the log: attempts on one name can be told from attempts on many, but the name cannot be read. */
export type HashForLog = (name: string) => string

/**
 * A hash keyed by 256 random bits in the table, which the first instance writes in one conditional write and all share.
 * Reading it at cold start also opens the connection. Without the table the key is this instance's own: the log must not
 * stop a start.
 */
export async function readLogKey(client: DynamoDBDocumentClient, TableName: string): Promise<HashForLog> {
  const own = randomBytes(32)
  const command = new UpdateCommand({
    TableName,
    Key: { pk: 'LOG', sk: 'KEY' },
    UpdateExpression: 'SET hashKey = if_not_exists(hashKey, :own)',
    ExpressionAttributeValues: { ':own': own },
    ReturnValues: 'ALL_NEW',
  })
  const kept = await client.send(command).then(
    ({ Attributes }) => Attributes?.['hashKey'] as Uint8Array | undefined,
    () => undefined,
  )
  const key = kept ?? own
  return (name) => createHmac('sha256', key).update(name).digest('base64url').slice(0, 22)
}
