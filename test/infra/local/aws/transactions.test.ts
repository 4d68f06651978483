import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { describe, expect, test } from '@jest/globals'
import { newFolder, startAws, table, tableArn } from '../../../support/local-aws.ts'

const TableName = table.name
const keyOf = (pk: string, sk = 'X') => ({ pk: { S: pk }, sk: { S: sk } })
const transact = (client: DynamoDBClient, items: TransactWriteItem[], ClientRequestToken?: string) =>
  client.send(new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken }))
const read = async (client: DynamoDBClient, pk: string) =>
  (await client.send(new GetItemCommand({ TableName, Key: keyOf(pk) }))).Item

const put = (pk: string, changes: object = {}): TransactWriteItem => ({
  Put: { TableName, Item: keyOf(pk), ...changes },
})
const remove = (pk: string): TransactWriteItem => ({ Delete: { TableName, Key: keyOf(pk) } })
const check = (pk: string, ConditionExpression: string, changes: object = {}): TransactWriteItem => ({
  ConditionCheck: { TableName, Key: keyOf(pk), ConditionExpression, ...changes },
})
const add = (pk: string, sk?: string): TransactWriteItem => ({ Update: addition(pk, sk) })
const addition = (pk: string, sk?: string) => ({
  TableName,
  Key: keyOf(pk, sk),
  UpdateExpression: 'ADD uses :one',
  ExpressionAttributeValues: { ':one': { N: '1' } },
})

test('a transaction puts, updates, deletes and checks together', async () => {
  await using aws = await startAws()
  const { dynamodb } = aws.owner
  await transact(dynamodb, [put('old'), put('checked')])

  await transact(dynamodb, [put('new'), add('counter'), remove('old'), check('checked', 'attribute_exists(pk)')])

  expect(await Promise.all(['new', 'counter', 'old', 'checked'].map((pk) => read(dynamodb, pk)))).toEqual([
    keyOf('new'),
    { ...keyOf('counter'), uses: { N: '1' } },
    undefined,
    keyOf('checked'),
  ])
})

test('a transaction with a failed condition writes nothing, and gives a reason for each item', async () => {
  await using aws = await startAws()
  const { dynamodb } = aws.owner
  await transact(dynamodb, [put('taken')])
  const absent = { ConditionExpression: 'attribute_not_exists(pk)' }
  const withItem = { ...absent, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }

  const failure: TransactionCanceledException = await transact(dynamodb, [
    put('new'),
    put('taken', withItem),
    check('absent', 'attribute_exists(pk)', { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
  ]).catch((error) => error)

  expect(failure.name).toBe('TransactionCanceledException')
  expect(failure.CancellationReasons).toEqual([
    { Code: 'None' },
    { Code: 'ConditionalCheckFailed', Message: expect.any(String), Item: keyOf('taken') },
    { Code: 'ConditionalCheckFailed', Message: expect.any(String) },
  ])
  expect(await read(dynamodb, 'new')).toBeUndefined()
})

test('an item that cannot be updated so cancels the transaction with a validation error', async () => {
  await using aws = await startAws()
  const { dynamodb } = aws.owner
  await transact(dynamodb, [put('text', { Item: { ...keyOf('text'), uses: { S: 'no number' } } })])

  await expect(transact(dynamodb, [put('new'), add('text')])).rejects.toMatchObject({
    CancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError' }],
  })
})

test.each([
  ['no item', []],
  ['101 items', Array.from({ length: 101 }, (_, index) => put(`${index}`))],
  ['two operations on one item', [put('a'), check('a', 'attribute_exists(pk)')]],
  ['an item of two operations', [{ ...put('a'), ...remove('b') }]],
  ['an item without an operation', [{}]],
])('a transaction of %s is a validation error', async (_, items) => {
  await using aws = await startAws()

  await expect(transact(aws.owner.dynamodb, items)).rejects.toMatchObject({ name: 'ValidationException' })
})

test('a transaction may have 100 items', async () => {
  await using aws = await startAws()
  const items = Array.from({ length: 100 }, (_, index) => put(`${index}`))

  await expect(transact(aws.owner.dynamodb, items)).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } })
})

test('a client request token applies its transaction once in ten minutes, and takes no other', async () => {
  let time = 0
  await using aws = await startAws([], { now: () => time })
  const { dynamodb } = aws.owner
  const uses = async () => (await read(dynamodb, 'counter'))?.['uses']?.N

  await transact(dynamodb, [add('counter')], 'token')
  time = 10 * 60 * 1000 - 1
  await transact(dynamodb, [add('counter')], 'token')
  expect(await uses()).toBe('1')
  await expect(transact(dynamodb, [add('other')], 'token')).rejects.toMatchObject({
    name: 'IdempotentParameterMismatchException',
  })

  time += 1
  await transact(dynamodb, [add('counter')], 'token')
  expect(await uses()).toBe('2')
})

describe('an injected conflict', () => {
  const isConflict = ({ parameters }: { readonly parameters: object }) => JSON.stringify(parameters).includes('"busy"')

  test('cancels a transaction and names the item that is busy', async () => {
    await using aws = await startAws([], { isConflict })
    const { dynamodb } = aws.owner

    await expect(transact(dynamodb, [put('free'), put('busy')])).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
    })
    expect(await read(dynamodb, 'free')).toBeUndefined()
  })

  test.each([
    ['PutItem', new PutItemCommand({ TableName, Item: keyOf('busy') })],
    ['UpdateItem', new UpdateItemCommand(addition('busy'))],
    ['DeleteItem', new DeleteItemCommand({ TableName, Key: keyOf('busy') })],
  ])('refuses a single %s', async (_, command) => {
    await using aws = await startAws([], { isConflict })

    await expect(aws.owner.dynamodb.send(command as PutItemCommand)).rejects.toMatchObject({
      name: 'TransactionConflictException',
    })
  })
})

describe('the role of a transaction', () => {
  const allow = (Action: string | readonly string[], keys: readonly string[]) => ({
    Effect: 'Allow',
    Action,
    Resource: tableArn,
    Condition: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  })

  test('is judged by the action and the key of each item', async () => {
    await using aws = await startAws([
      allow(['dynamodb:PutItem', 'dynamodb:UpdateItem'], ['A#*']),
      allow('dynamodb:DeleteItem', ['B#*']),
      allow('dynamodb:ConditionCheckItem', ['C#*']),
    ])
    const { dynamodb } = aws.greeter
    const exists = 'attribute_not_exists(pk)'

    await transact(dynamodb, [put('A#1'), add('A#2'), remove('B#1'), check('C#1', exists)])
    for (const item of [put('B#1'), add('B#1'), remove('A#1'), check('A#1', exists)]) {
      await expect(transact(dynamodb, [put('A#3'), item])).rejects.toMatchObject({ name: 'AccessDeniedException' })
    }
    expect(await read(aws.owner.dynamodb, 'A#3')).toBeUndefined()
  })

  test('must allow all keys of an action by one statement', async () => {
    await using aws = await startAws([allow('dynamodb:PutItem', ['A#*']), allow('dynamodb:PutItem', ['B#*'])])
    const { dynamodb } = aws.greeter

    await expect(transact(dynamodb, [put('A#1')])).resolves.toBeDefined()
    await expect(transact(dynamodb, [put('A#1'), put('B#1')])).rejects.toMatchObject({ name: 'AccessDeniedException' })
  })

  test('has no action of its own', async () => {
    await using aws = await startAws([{ Effect: 'Allow', Action: 'dynamodb:TransactWriteItems', Resource: tableArn }])

    await expect(transact(aws.greeter.dynamodb, [put('A#1')])).rejects.toMatchObject({ name: 'AccessDeniedException' })
  })
})

const query = (pk: string) =>
  new QueryCommand({
    TableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: pk } },
  })

test('200 writers at once: one wins, sums are right, and no reader sees half of a transaction', async () => {
  await using aws = await startAws()
  const { dynamodb } = aws.owner
  for (let round = 0; round < 15; round += 1) {
    const [won, pair, sum] = [`won ${round}`, `pair ${round}`, `sum ${round}`]
    const claim = { TableName, Item: keyOf(won), ConditionExpression: 'attribute_not_exists(pk)' }
    const unequal: unknown[] = []
    let wins = 0

    const writers = Array.from({ length: 200 }, async (_, index) => {
      if (index % 4 === 0) await dynamodb.send(new UpdateItemCommand(addition(sum)))
      if (index % 4 === 1) await transact(dynamodb, [add(pair, 'a'), add(pair, 'b')])
      if (index % 4 === 2) {
        await dynamodb.send(new PutItemCommand(claim)).then(
          () => (wins += 1),
          () => undefined,
        )
      }
      if (index % 4 === 3) {
        const { Items = [] } = await dynamodb.send(query(pair))
        if (Items[0]?.['uses']?.N !== Items[1]?.['uses']?.N) unequal.push(Items)
      }
    })
    await Promise.all(writers)

    const { Items = [] } = await dynamodb.send(query(pair))
    expect([wins, unequal, (await read(dynamodb, sum))?.['uses']?.N, Items.map(({ uses }) => uses?.N)]).toEqual([
      1,
      [],
      '50',
      ['50', '50'],
    ])
  }
})

test('a server that is killed leaves no half transaction', async () => {
  const data = newFolder()
  const support = join(import.meta.dirname, '../../../support/local-aws.ts')
  const server = `
    import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb'
    import { startAws } from '${support}'
    const aws = await startAws([], { data: '${data}' })
    const items = ${JSON.stringify([add('pair', 'a'), add('pair', 'b')])}
    for (;;) {
      await aws.owner.dynamodb.send(new TransactWriteItemsCommand({ TransactItems: items }))
      console.log('written')
    }
  `
  for (let round = 0; round < 3; round += 1) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', server], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: child.stdout })
    for (let line = 0; line < 20 + round; line += 1) await once(lines, 'line')
    child.kill('SIGKILL')
    await once(child, 'close')
    await using aws = await startAws([], { data })

    const { Items = [] } = await aws.owner.dynamodb.send(query('pair'))
    expect(Items).toHaveLength(2)
    expect(Items[0]?.['uses']).toEqual(Items[1]?.['uses'])
  }
})
