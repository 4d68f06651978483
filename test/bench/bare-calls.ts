import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { LocalAccount } from './login.ts'

const table = { TableName: 'latchkey' }
const keyOf = (pk: string) => ({ pk: { S: pk }, sk: { S: 'BARE' } })

const counting = (pk: string) => ({
  ...table,
  Key: keyOf(pk),
  UpdateExpression: 'SET n = if_not_exists(n, :none) + :one',
  ConditionExpression: 'attribute_not_exists(pk) OR n < :most',
  ExpressionAttributeValues: { ':none': { N: '0' }, ':one': { N: '1' }, ':most': { N: '1000000' } },
})

/**
 * The ten calls of a log-in, in its order, by bare HTTP without the SDK, and the hash: what no code can do without on this
 * machine.
 */
export function createBareLogIn({ env }: LocalAccount, hash: () => Promise<unknown>): () => Promise<void> {
  const agent = new Agent({ keepAlive: true })
  const call = (target: string, parameters: object): Promise<void> => {
    const body = JSON.stringify(parameters)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const headers = {
      'x-amz-target': target,
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(body),
      authorization: 'AWS4-HMAC-SHA256 Credential=bench/bench, SignedHeaders=host, Signature=bench',
    }
    const sent = request(String(env['AWS_ENDPOINT_URL']), { agent, method: 'POST', headers })
    sent.once('error', reject)
    sent.once('response', (answer) => {
      const check = (read: string) => (answer.statusCode === 200 ? resolve() : reject(new Error(read)))
      text(answer).then(check, reject)
    })
    sent.end(body)
    return promise
  }
  const dynamodb = (operation: string, parameters: object) => call(`DynamoDB_20120810.${operation}`, parameters)
  const signature = {
    KeyId: env['SIGNING_KEY_ID'],
    Message: Buffer.alloc(32).toString('base64'),
    MessageType: 'DIGEST',
    SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
  }
  let made = 0
  return async () => {
    const account = keyOf(`BARE#${made}`)
    made += 1
    const read = () => dynamodb('GetItem', { ...table, Key: account, ConsistentRead: true })
    await Promise.all([dynamodb('UpdateItem', counting('BARE')), read()])
    await Promise.all([dynamodb('UpdateItem', counting(account.pk.S)), read()])
    await Promise.all([read(), read()])
    await hash()
    await Promise.all([call('TrentService.Sign', signature), dynamodb('DeleteItem', { ...table, Key: account })])
    await dynamodb('PutItem', { ...table, Item: { ...account, secretHash: { S: 'A'.repeat(43) } } })
    await dynamodb('Query', {
      ...table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': account.pk },
      ConsistentRead: true,
    })
  }
}
