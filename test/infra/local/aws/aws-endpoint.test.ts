import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { GetItemCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { DescribeKeyCommand } from '@aws-sdk/client-kms'
import { InvokeCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { expect, test } from '@jest/globals'
import { startAws, table, tableArn } from '../../../support/local-aws.ts'
import { localFunction, startLambda } from '../../../support/local-lambda.ts'

const getItem = new GetItemCommand({ TableName: table.name, Key: { pk: { S: 'USER#ada' }, sk: { S: 'USER' } } })
const credential =
  'AWS4-HMAC-SHA256 Credential=AKIAOWNER/20261124/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0'

/** A bare request, for what the SDK would never send. */
async function send(url: string, headers: Record<string, string>, body = '{}', method = 'POST') {
  const call = request(url, { method, headers: { 'content-length': String(body.length), ...headers } })
  const { promise, resolve, reject } = Promise.withResolvers<import('node:http').IncomingMessage>()
  call.on('response', resolve).on('error', reject).end(body)
  const response = await promise
  return { status: response.statusCode, body: await text(response) }
}

// REQ-137
test("a function's call that its role does not allow is denied in AWS's words, and the developer is told", async () => {
  await using aws = await startAws([{ Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: tableArn }])
  const message =
    'User: arn:aws:sts::123456789012:assumed-role/greeter-role/greeter is not authorized to perform: dynamodb:GetItem ' +
    `on resource: ${tableArn} because no identity-based policy allows the dynamodb:GetItem action`

  await expect(aws.greeter.dynamodb.send(getItem)).rejects.toMatchObject({ name: 'AccessDeniedException', message })
  expect(aws.lines).toEqual([`iam: ${message}`])
})

test('an explicit denial is told apart', async () => {
  const statement = { Action: 'dynamodb:GetItem', Resource: tableArn }
  await using aws = await startAws([
    { Effect: 'Allow', ...statement },
    { Effect: 'Deny', ...statement },
  ])

  await expect(aws.greeter.dynamodb.send(getItem)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringMatching(/ with an explicit deny in an identity-based policy$/),
  })
})

test('a function does what its role allows, an owner does everything, a stranger nothing', async () => {
  await using aws = await startAws([{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: tableArn }])

  expect(await aws.greeter.dynamodb.send(getItem)).not.toHaveProperty('Item')
  expect(await aws.owner.dynamodb.send(getItem)).not.toHaveProperty('Item')
  await expect(aws.stranger.dynamodb.send(getItem)).rejects.toMatchObject({ name: 'UnrecognizedClientException' })
  expect(aws.lines).toEqual([])
})

test('a policy that is not understood keeps the account from starting', async () => {
  const start = startAws([{ Effect: 'Allow', NotAction: 'kms:*', Resource: '*' }])

  await expect(start).rejects.toThrow('NotAction')
})

test.each([
  ['without a signature, as from a web page', {}, 'Request is missing Authentication Token'],
  ['with a bearer token', { authorization: 'Bearer x' }, 'Request is missing Authentication Token'],
  ['for another host, as after DNS rebinding', { authorization: credential, host: 'evil.example' }, 'The host is not'],
])('a request %s is refused', async (_, headers, message) => {
  await using aws = await startAws()
  const { status, body } = await send(aws.url, { 'x-amz-target': 'DynamoDB_20120810.ListTables', ...headers })

  expect({ status, message: JSON.parse(body).message }).toEqual({
    status: 400,
    message: expect.stringContaining(message),
  })
})

test.each([
  ['is no JSON', '{', {}, 'SerializationException'],
  ['is no object', 'null', {}, 'SerializationException'],
  ['does not end', '', { 'content-length': String(17 * 1024 * 1024) }, 'RequestTooLargeException'],
])('a body that %s is refused', async (_, body, headers, type) => {
  await using aws = await startAws()
  const target = { authorization: credential, 'x-amz-target': 'DynamoDB_20120810.GetItem' }
  const answer = await send(aws.url, { ...target, ...headers }, body)

  expect({ ...answer, body: JSON.parse(answer.body)['__type'] }).toEqual({ status: 400, body: type })
})

test('an operation that is not there is unknown, by its name', async () => {
  await using aws = await startAws()
  const unknown = (name: string) => ({
    name: 'UnknownOperationException',
    message: `${name} is not known to the local account.`,
  })
  const { dynamodb, kms, lambda } = aws.owner

  await expect(dynamodb.send(new ListTablesCommand())).rejects.toMatchObject(unknown('dynamodb:ListTables'))
  await expect(kms.send(new DescribeKeyCommand({ KeyId: 'k1' }))).rejects.toMatchObject(unknown('kms:DescribeKey'))
  await expect(lambda.send(new ListFunctionsCommand())).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('GET /2015-03-31/functions'),
  })
})

test('a fault of our own is an internal failure, logged with its stack', async () => {
  const invoke = () => Promise.reject(new Error('out of order'))
  await using aws = await startAws([], { invoke })

  await expect(aws.owner.lambda.send(new InvokeCommand({ FunctionName: 'greeter' }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 500 },
  })
  expect(aws.lines).toEqual([expect.stringMatching(/^aws: Error: out of order\n {4}at /)])
})

const source = `export const handler = async (event) => {
  console.log(event.greeting)
  if (event.boom) throw new Error('boom')
  return event
}`

const foreign = 'arn:aws:lambda:eu-central-1:999999999999:function:greeter'

async function setUpLambda(statements: readonly object[] = []) {
  const lambda = startLambda([localFunction(source)])
  const aws = await startAws(statements, { invoke: lambda.invoke })
  const invokeLater = async (payload: string) => {
    const command = new InvokeCommand({
      FunctionName: 'greeter',
      Payload: Buffer.from(payload),
      InvocationType: 'Event',
    })
    return (await aws.owner.lambda.send(command)).StatusCode
  }
  const invoke = async (client: 'owner' | 'greeter', payload: string, more: object = {}) => {
    const command = new InvokeCommand({ FunctionName: 'greeter', Payload: Buffer.from(payload), ...more })
    const { $metadata, Payload, ...answer } = await aws[client].lambda.send(command)
    return { ...answer, payload: JSON.parse(Buffer.from(Payload ?? []).toString()) }
  }
  const close = () => Promise.all([aws[Symbol.asyncDispose](), lambda.close()])
  const lines = () => [...lambda.lines, ...aws.lines]
  return { invoke, invokeLater, lines, [Symbol.asyncDispose]: async () => void (await close()) }
}

test('a function is invoked over the wire, its answer, its error and its log told apart', async () => {
  await using lambda = await setUpLambda()

  expect(await lambda.invoke('owner', '{"greeting":"hej"}', { LogType: 'Tail' })).toEqual({
    StatusCode: 200,
    ExecutedVersion: '$LATEST',
    LogResult: Buffer.from('hej').toString('base64'),
    payload: { greeting: 'hej' },
  })
  expect(await lambda.invoke('owner', '{"boom":true}')).toEqual({
    StatusCode: 200,
    ExecutedVersion: '$LATEST',
    FunctionError: 'Unhandled',
    payload: { errorType: 'Error', errorMessage: 'boom', trace: expect.any(Array) },
  })
})

test('an event is accepted before the function runs, and a function that fails at it is told of', async () => {
  await using lambda = await setUpLambda()

  expect(await Promise.all(['{"greeting":"later"}', '{"boom":true}'].map(lambda.invokeLater))).toEqual([202, 202])
  const told = ['greeter: later', 'lambda: greeter failed at an event, which is not repeated.']
  // Nothing else tells when an event was worked on.
  while (!told.every((line) => lambda.lines().includes(line))) await lambda.invoke('owner', '{"greeting":"hej"}')
})

test.each([
  ['is not there', '{}', { FunctionName: 'other' }, 'ResourceNotFoundException', 404],
  [
    'is not there, for later',
    '{}',
    { FunctionName: 'other', InvocationType: 'Event' },
    'ResourceNotFoundException',
    404,
  ],
  ['is in another account', '{}', { FunctionName: foreign }, 'ResourceNotFoundException', 404],
  ['is only to be tried', '{}', { InvocationType: 'DryRun' }, 'InvalidParameterValueException', 400],
  ['has an alias', '{}', { Qualifier: 'live' }, 'InvalidParameterValueException', 400],
  ['gets what is no JSON', '{', {}, 'InvalidRequestContentException', 400],
])('an invocation of a function that %s is refused as Lambda refuses it', async (_, payload, more, name, status) => {
  await using lambda = await setUpLambda()

  await expect(lambda.invoke('owner', payload, more)).rejects.toMatchObject({
    name,
    $metadata: { httpStatusCode: status },
  })
})

test('a function invokes another only where its role allows it', async () => {
  const statement = { Effect: 'Allow', Action: 'lambda:InvokeFunction' }
  const arn = 'arn:aws:lambda:eu-central-1:123456789012:function:greeter'
  await using open = await setUpLambda([{ ...statement, Resource: arn }])
  await using closed = await setUpLambda([{ ...statement, Resource: `${arn}2` }])

  expect(await open.invoke('greeter', '{"greeting":"hej"}')).toMatchObject({ payload: { greeting: 'hej' } })
  await expect(closed.invoke('greeter', '{}', { FunctionName: arn })).rejects.toMatchObject({
    name: 'AccessDeniedException',
    $metadata: { httpStatusCode: 403 },
  })
})
