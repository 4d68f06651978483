import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import {
  type ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { describe, expect, test } from '@jest/globals'
import { readAccess } from '../../../../infra/local/aws/dynamodb-access.ts'
import { newFolder, startAws, table, tableArn } from '../../../support/local-aws.ts'
import { account, region } from '../../../support/local-lambda.ts'

const TableName = table.name
const keyOf = (pk: string) => ({ pk: { S: pk }, sk: { S: 'X' } })
const get = (pk: string) => new GetItemCommand({ TableName, Key: keyOf(pk) })
const put = (pk: string) => new PutItemCommand({ TableName, Item: keyOf(pk) })
const query = (KeyConditionExpression: string, pk: string, more: Partial<QueryCommandInput> = {}) =>
  new QueryCommand({ TableName, KeyConditionExpression, ExpressionAttributeValues: { ':pk': { S: pk } }, ...more })
const names = { ExpressionAttributeNames: { '#pk': 'pk' } }

const onUsers = (Action: string, Resource = tableArn) => ({
  Effect: 'Allow',
  Action,
  Resource,
  Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['USER#*'] } },
})

type Send = (client: DynamoDBClient) => Promise<unknown>

const within: readonly [string, Send][] = [
  ['GetItem', (client) => client.send(get('USER#ada'))],
  ['PutItem', (client) => client.send(put('USER#ada'))],
  ['UpdateItem', (client) => client.send(new UpdateItemCommand({ TableName, Key: keyOf('USER#ada') }))],
  ['DeleteItem', (client) => client.send(new DeleteItemCommand({ TableName, Key: keyOf('USER#ada') }))],
  ['Query', (client) => client.send(query('pk = :pk', 'USER#ada'))],
  ['Query', (client) => client.send(query('sk BETWEEN :pk AND :pk and #pk=:pk', 'USER#ada', names))],
]

// REQ-137
test.each(within)('%s on its own items is allowed to a role with leading keys', async (operation, send) => {
  await using aws = await startAws([onUsers(`dynamodb:${operation}`)])

  await expect(send(aws.greeter.dynamodb)).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } })
})

const oldCondition: QueryCommandInput['KeyConditions'] = {
  pk: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'USER#ada' }] },
}

const beyond: readonly [string, string, Send][] = [
  ['GetItem', 'another item', (client) => client.send(get('LOG'))],
  ['PutItem', 'another item', (client) => client.send(put('LOG'))],
  ['UpdateItem', 'another item', (client) => client.send(new UpdateItemCommand({ TableName, Key: keyOf('LOG') }))],
  ['DeleteItem', 'another item', (client) => client.send(new DeleteItemCommand({ TableName, Key: keyOf('LOG') }))],
  ['Query', 'other items', (client) => client.send(query('pk = :pk', 'LOG'))],
  ['Query', 'a condition that cannot be read', (client) => client.send(query('(pk = :pk)', 'USER#ada'))],
  ['Query', 'two values for one key', (client) => client.send(query('pk = :pk AND pk = :pk', 'USER#ada'))],
  [
    'Query',
    'a condition of the old kind',
    (client) => client.send(new QueryCommand({ TableName, KeyConditions: oldCondition })),
  ],
  [
    'GetItem',
    'a key of another type',
    (client) => client.send(new GetItemCommand({ TableName, Key: { pk: { N: '1' } } })),
  ],
  [
    'GetItem',
    'another table',
    (client) => client.send(new GetItemCommand({ TableName: 'others', Key: keyOf('USER#ada') })),
  ],
]

test.each(beyond)('%s on %s is denied to a role with leading keys', async (operation, _, send) => {
  await using aws = await startAws([onUsers(`dynamodb:${operation}`)])

  await expect(send(aws.greeter.dynamodb)).rejects.toMatchObject({ name: 'AccessDeniedException' })
})

test.each([
  ['PutItem', { TableName, Key: keyOf('USER#ada'), Item: keyOf('LOG') }],
  ['GetItem', { TableName, Key: keyOf('LOG'), Item: keyOf('USER#ada') }],
])('%s is judged by the item that it touches, not by one beside it', (operation, parameters) => {
  const call = { operation, parameters, body: Buffer.alloc(0) }
  const access = readAccess(call, [table], { region, account })

  expect(access.map(({ context }) => context)).toEqual([{ 'dynamodb:LeadingKeys': ['LOG'] }])
})

// As on AWS, where a read without a projection names no attributes, and "for all values" would let it pass.
const onlyKeys = {
  ...onUsers('dynamodb:GetItem'),
  Condition: {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['USER#*'] },
    'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk'] },
    Null: { 'dynamodb:LeadingKeys': 'false', 'dynamodb:Attributes': 'false' },
  },
}

// REQ-137, REQ-159
test.each([
  ['all of it', {}],
  ['another attribute', { ProjectionExpression: 'pk, hash' }],
  [
    'another attribute by a name of its own',
    { ProjectionExpression: '#a', ExpressionAttributeNames: { '#a': 'hash' } },
  ],
  ['a part of another attribute', { ProjectionExpression: 'pk, codes[0]' }],
  ['what cannot be read', { ProjectionExpression: 'pk, #unknown' }],
  ['an attribute by the old parameter', { AttributesToGet: ['hash'] }],
])('a role that may only see whether an item is there is denied %s', async (_, more) => {
  await using aws = await startAws([onlyKeys])
  const command = new GetItemCommand({ TableName, Key: keyOf('USER#ada'), ...more })

  await expect(aws.greeter.dynamodb.send(command)).rejects.toMatchObject({ name: 'AccessDeniedException' })
})

// REQ-137
test.each([
  { ProjectionExpression: 'pk' },
  { ProjectionExpression: '#a , sk', ExpressionAttributeNames: { '#a': 'pk' } },
])('a role that may only see whether an item is there may ask for %j', async (more) => {
  await using aws = await startAws([onlyKeys])
  const command = new GetItemCommand({ TableName, Key: keyOf('USER#ada'), ...more })

  await expect(aws.greeter.dynamodb.send(command)).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } })
})

test('a scan has no leading keys, so only its action keeps it out, as on AWS', async () => {
  await using open = await startAws([onUsers('dynamodb:*')])
  await using closed = await startAws([onUsers('dynamodb:GetItem')])
  const scan = new ScanCommand({ TableName })

  expect(await open.greeter.dynamodb.send(scan)).toMatchObject({ Count: 0 })
  await expect(closed.greeter.dynamodb.send(scan)).rejects.toMatchObject({ name: 'AccessDeniedException' })
})

test("an index is a resource of its own, and its leading keys are not the table's", async () => {
  const command = query('pk = :pk', 'USER#ada', { IndexName: 'bySk' })
  await using keys = await startAws([onUsers('dynamodb:Query', `${tableArn}*`)])
  await using whole = await startAws([{ Effect: 'Allow', Action: 'dynamodb:Query', Resource: tableArn }])

  await expect(keys.greeter.dynamodb.send(command)).rejects.toMatchObject({ name: 'AccessDeniedException' })
  await expect(whole.greeter.dynamodb.send(command)).rejects.toMatchObject({
    message: expect.stringContaining(`${tableArn}/index/bySk `),
  })
})

test("DynamoDB's own errors come through", async () => {
  await using aws = await startAws()
  const { dynamodb } = aws.owner
  const conditional = { TableName, Item: keyOf('USER#ada'), ConditionExpression: 'attribute_exists(pk)' }

  await expect(dynamodb.send(new PutItemCommand(conditional))).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
  })
})

test('an operation that no function of the stack uses is refused by its name', async () => {
  await using aws = await startAws()

  await expect(aws.owner.dynamodb.send(new ListTablesCommand())).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: 'dynamodb:ListTables is not known to the local account.',
  })
})

describe('a condition that fails', () => {
  const Item = { ...keyOf('USER#ada'), version: { N: '1' } }
  const never = {
    ConditionExpression: 'version = :two',
    ExpressionAttributeValues: { ':two': { N: '2' } },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const

  test.each([
    ['PutItem', new PutItemCommand({ TableName, Item: { ...Item, version: { N: '3' } }, ...never })],
    ['UpdateItem', new UpdateItemCommand({ TableName, Key: keyOf('USER#ada'), ...never })],
    ['DeleteItem', new DeleteItemCommand({ TableName, Key: keyOf('USER#ada'), ...never })],
  ])('brings the item along where it is asked to: %s', async (_, command) => {
    await using aws = await startAws()
    const { dynamodb } = aws.owner
    await dynamodb.send(new PutItemCommand({ TableName, Item }))

    await expect(dynamodb.send(command as PutItemCommand)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item,
    })
    expect(await dynamodb.send(get('USER#ada'))).toMatchObject({ Item })
  })

  test('brings none along where there is none, or none is asked for', async () => {
    await using aws = await startAws()
    const { dynamodb } = aws.owner
    const { ReturnValuesOnConditionCheckFailure: _, ...silent } = never
    const update = (pk: string, how: object) => new UpdateItemCommand({ TableName, Key: keyOf(pk), ...how })
    await dynamodb.send(new PutItemCommand({ TableName, Item }))

    const failures = [update('USER#bob', never), update('USER#ada', silent)].map((command) =>
      dynamodb.send(command).catch((error: ConditionalCheckFailedException) => [error.name, error.Item]),
    )
    expect(await Promise.all(failures)).toEqual([
      ['ConditionalCheckFailedException', undefined],
      ['ConditionalCheckFailedException', undefined],
    ])
  })

  test('returns the item that it judged, however many write at once', async () => {
    await using aws = await startAws()
    const { dynamodb } = aws.owner
    await dynamodb.send(new PutItemCommand({ TableName, Item }))
    const raise = (from: number) =>
      new UpdateItemCommand({
        TableName,
        Key: keyOf('USER#ada'),
        UpdateExpression: 'SET version = :to',
        ConditionExpression: 'version = :from',
        ExpressionAttributeValues: { ':from': { N: `${from}` }, ':to': { N: `${from + 1}` } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      })

    const rounds = Array.from({ length: 20 }, (_, round) => [round + 1, round + 1, round + 1]).flat()
    const judged = rounds.map((from) =>
      dynamodb.send(raise(from)).then(
        () => true,
        (error: ConditionalCheckFailedException) => error.Item?.['version']?.N !== `${from}`,
      ),
    )
    expect(await Promise.all(judged)).toEqual(rounds.map(() => true))
  })
})

test('items outlive a restart, in a folder that is closed to others', async () => {
  const data = newFolder()
  {
    await using first = await startAws([], { data })
    await first.owner.dynamodb.send(put('USER#ada'))
  }
  await using second = await startAws([], { data })

  expect(await second.owner.dynamodb.send(get('USER#ada'))).toMatchObject({ Item: keyOf('USER#ada') })
  expect(statSync(join(data, 'dynamodb')).mode & 0o077).toBe(0)
})

test('items outlive a server that is killed', async () => {
  const data = newFolder()
  const support = join(import.meta.dirname, '../../../support/local-aws.ts')
  const server = `
    import { PutItemCommand } from '@aws-sdk/client-dynamodb'
    import { startAws } from '${support}'
    const aws = await startAws([], { data: '${data}' })
    await aws.owner.dynamodb.send(new PutItemCommand(${JSON.stringify(put('USER#ada').input)}))
    console.log('written')
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', server], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(createInterface({ input: child.stdout }), 'line')
  child.kill('SIGKILL')
  await once(child, 'close')
  await using aws = await startAws([], { data })

  expect(await aws.owner.dynamodb.send(get('USER#ada'))).toMatchObject({ Item: keyOf('USER#ada') })
})

test('a folder that another server uses is refused by its name, with what to do', async () => {
  const data = newFolder()
  await using _ = await startAws([], { data })

  await expect(startAws([], { data })).rejects.toThrow(
    `The folder ${join(data, 'dynamodb')} is in use by another server: stop that, or choose another with --data.`,
  )
})

test('a table that has other keys than the template gives it is refused, and the folder is free again', async () => {
  const data = newFolder()
  {
    await using _ = await startAws([], { data })
  }
  const [hash] = table.keySchema
  const changed = { ...table, keySchema: hash ? [hash] : [] }

  await expect(startAws([], { data, tables: [changed] })).rejects.toThrow('start with --reset')
  await using again = await startAws([], { data })
  expect(again.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  rmSync(data, { recursive: true, force: true })
})
