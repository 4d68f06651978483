import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { describe, expect, test } from '@jest/globals'
import { newFolder, startAws, table, tableArn } from '../../../support/local-aws.ts'
import { account, region } from '../../../support/local-lambda.ts'

const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`

describe("a table of the owner's", () => {
  const orders = {
    name: 'orders',
    keySchema: [
      { AttributeName: 'number', KeyType: 'HASH' },
      { AttributeName: 'part', KeyType: 'RANGE' },
    ],
    attributeDefinitions: [
      { AttributeName: 'number', AttributeType: 'N' },
      { AttributeName: 'part', AttributeType: 'B' },
      { AttributeName: 'state', AttributeType: 'S' },
    ],
    globalIndexes: [
      {
        IndexName: 'byState',
        KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  }
  const part = { B: Buffer.from('a') }

  test('has keys of any type, and indexes', async () => {
    await using aws = await startAws([], { tables: [table, orders] })
    const { dynamodb } = aws.owner
    await dynamodb.send(
      new PutItemCommand({ TableName: 'orders', Item: { number: { N: '1' }, part, state: { S: 'new' } } }),
    )

    const found = await dynamodb.send(
      new QueryCommand({
        ...{ TableName: 'orders', IndexName: 'byState', KeyConditionExpression: '#state = :new' },
        ...{ ExpressionAttributeNames: { '#state': 'state' }, ExpressionAttributeValues: { ':new': { S: 'new' } } },
      }),
    )

    expect(found.Items).toEqual([{ number: { N: '1' }, part: { B: new Uint8Array(part.B) }, state: { S: 'new' } }])
  })

  test('is the same at the next start, but not with another index', async () => {
    const data = newFolder()
    for (const _ of [1, 2]) {
      const aws = await startAws([], { data, tables: [orders] })
      await aws[Symbol.asyncDispose]()
    }

    const without = { ...orders, globalIndexes: [] }
    await expect(startAws([], { data, tables: [without] })).rejects.toThrow(
      /orders in .* is not the template's: start with --reset/,
    )
  })
})

describe('several items at once', () => {
  const key = (pk: string) => ({ pk: { S: pk }, sk: { S: 'X' } })
  const write = (...pks: readonly string[]) =>
    new BatchWriteItemCommand({ RequestItems: { users: pks.map((pk) => ({ PutRequest: { Item: key(pk) } })) } })
  const read = (...pks: readonly string[]) =>
    new BatchGetItemCommand({ RequestItems: { users: { Keys: pks.map(key) } } })
  const readTogether = (...pks: readonly string[]) =>
    new TransactGetItemsCommand({ TransactItems: pks.map((pk) => ({ Get: { TableName: 'users', Key: key(pk) } })) })

  test('are written and read', async () => {
    await using aws = await startAws()
    const { dynamodb } = aws.owner
    await dynamodb.send(write('a', 'b'))

    expect((await dynamodb.send(read('a', 'b', 'c'))).Responses?.['users']).toHaveLength(2)
    expect((await dynamodb.send(readTogether('a', 'c'))).Responses).toEqual([{ Item: key('a') }, {}])
  })

  // REQ-137
  test('need the role for each of them', async () => {
    const own = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['USER#*'] } }
    const Action = ['dynamodb:BatchWriteItem', 'dynamodb:BatchGetItem', 'dynamodb:GetItem']
    await using aws = await startAws([{ Effect: 'Allow', Action, Resource: tableArn, Condition: own }])
    const { dynamodb } = aws.greeter
    const refused = { name: 'AccessDeniedException' }

    await expect(dynamodb.send(write('USER#a'))).resolves.toMatchObject({ UnprocessedItems: {} })
    await expect(dynamodb.send(write('USER#a', 'b'))).rejects.toMatchObject(refused)
    await expect(dynamodb.send(read('USER#a'))).resolves.toBeDefined()
    await expect(dynamodb.send(read('b'))).rejects.toMatchObject(refused)
    await expect(dynamodb.send(readTogether('USER#a'))).resolves.toBeDefined()
    await expect(dynamodb.send(readTogether('USER#a', 'b'))).rejects.toMatchObject(refused)
  })
})

/** Calls a service as the function does, signed for it. */
async function call(url: string, service: string, target: string, body: object, headers: Record<string, string> = {}) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=ASIAGREETER/20261128/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      ...(target && { 'x-amz-target': target }),
      ...headers,
    },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: await answer.text() }
}

describe('a parameter', () => {
  const parameters = [{ name: '/shop/greeting', value: 'hello' }]
  const mayRead = {
    Effect: 'Allow',
    Action: ['ssm:GetParameter', 'ssm:GetParameters'],
    Resource: arn('ssm', 'parameter/shop/*'),
  }

  test('is read by its name', async () => {
    await using aws = await startAws([mayRead], { parameters })
    const one = await call(aws.url, 'ssm', 'AmazonSSM.GetParameter', { Name: '/shop/greeting' })
    const more = await call(aws.url, 'ssm', 'AmazonSSM.GetParameters', { Names: ['/shop/greeting', '/shop/x'] })

    expect(JSON.parse(one.body).Parameter).toMatchObject({ Name: '/shop/greeting', Value: 'hello' })
    expect(JSON.parse(more.body)).toMatchObject({ Parameters: [{ Value: 'hello' }], InvalidParameters: ['/shop/x'] })
  })

  test('that has no value says where to give it one', async () => {
    await using aws = await startAws([mayRead], { parameters })

    expect((await call(aws.url, 'ssm', 'AmazonSSM.GetParameter', { Name: '/shop/x' })).body).toMatch(
      /ParameterNotFound.*There is no parameter \/shop\/x: give it a value in values\.json/,
    )
  })

  test('is kept from a role without it, and from changes', async () => {
    await using aws = await startAws([mayRead], { parameters: [...parameters, { name: '/other', value: 'o' }] })

    expect((await call(aws.url, 'ssm', 'AmazonSSM.GetParameter', { Name: '/other' })).body).toMatch('AccessDenied')
    expect((await call(aws.url, 'ssm', 'AmazonSSM.PutParameter', { Name: '/shop/x' })).body).toMatch('AccessDenied')
  })
})

describe('a secret', () => {
  const secrets = [{ name: 'key', arn: arn('secretsmanager', 'secret:key-latchk'), value: 'k' }]
  const mayRead = {
    Effect: 'Allow',
    Action: 'secretsmanager:GetSecretValue',
    Resource: arn('secretsmanager', 'secret:key-??????'),
  }

  test.each([
    ['its name', 'key'],
    ['its ARN', secrets[0]?.arn],
    ['its ARN without the end', arn('secretsmanager', 'secret:key')],
  ])('is read by %s', async (_, SecretId) => {
    await using aws = await startAws([mayRead], { secrets })
    const { body } = await call(aws.url, 'secretsmanager', 'secretsmanager.GetSecretValue', { SecretId })

    expect(JSON.parse(body)).toMatchObject({ Name: 'key', SecretString: 'k' })
  })

  test('is kept from a role without it', async () => {
    await using aws = await startAws([], { secrets })

    expect((await call(aws.url, 'secretsmanager', 'secretsmanager.GetSecretValue', { SecretId: 'key' })).body).toMatch(
      'AccessDenied',
    )
  })
})

describe('a service that is not served', () => {
  test.each([
    ['sqs', 'AmazonSQS.SendMessage', {}, /"message":"sqs is not served on localhost.*--endpoint sqs=URL"/],
    ['events', 'AWSEvents.PutEvents', {}, /"message":"eventbridge is not served.*--endpoint eventbridge=URL"/],
    ['s3', '', {}, /^<Error><Code>NotServedOnLocalhost<\/Code><Message>s3 is not served/],
    ['sns', '', { 'content-type': 'application/x-www-form-urlencoded' }, /^<ErrorResponse><Error>.*sns is not served/],
  ])('%s answers with its name and what to do, in its own form', async (service, target, headers, form) => {
    await using aws = await startAws()
    const { status, body } = await call(aws.url, service, target, {}, headers)

    expect([status, body]).toEqual([501, expect.stringMatching(form)])
    expect(aws.lines.join('\n')).toMatch(/^aws: greeter called \w+, which is not served on localhost\. .*--endpoint/)
  })
})
