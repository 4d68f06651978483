import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { KMSClient, SignCommand } from '@aws-sdk/client-kms'
import { afterAll, expect, test } from '@jest/globals'
import login from '../../../events/login/ok.json' with { type: 'json' }
import { openAccount } from '../../../infra/local/account.ts'
import { synthesise } from '../../../infra/synthesis/assembly.ts'
import { createDataFolder } from '../../support/local-server.ts'

const assembly = await synthesise({})

afterAll(async () => assembly[Symbol.asyncDispose]())

/** The account of the real stack, its template as JSON changed where a test wants it so. */
async function setUp(change: (template: string) => string = (template) => template) {
  await using opened = new AsyncDisposableStack()
  const { path: data } = opened.use(createDataFolder())
  const lines: string[] = []
  const log = (source: string, line: string) => void lines.push(`${source}: ${line}`)
  const changed = { ...assembly, template: JSON.parse(change(JSON.stringify(assembly.template))) }
  const endpoint = 'http://127.0.0.1:3000'
  const account = opened.use(await openAccount(changed, { data, endpoint, principals: [], log }))
  const invoke = async (name: string, event: object) =>
    JSON.parse((await account.invoke(name, JSON.stringify(event))).payload)
  const kept = opened.move()
  return { lines, invoke, aws: account.aws, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

const credentials = { username: 'ada', password: 'correct horse battery staple' }
const logIn = { ...login, body: JSON.stringify(credentials) }

test('a function has what its role allows', async () => {
  await using account = await setUp()
  await account.invoke('admin', { command: 'create-user', ...credentials })

  expect(await account.invoke('login', logIn)).toMatchObject({ statusCode: 200 })
})

// REQ-137
test.each([
  ['kms:Sign', 'kms:Verify'],
  ['dynamodb:GetItem', 'dynamodb:Query'],
])('a role that lacks %s fails here as it would on AWS', async (action, other) => {
  await using account = await setUp((template) => template.replaceAll(`"${action}"`, `"${other}"`))
  await account.invoke('admin', { command: 'create-user', ...credentials })

  expect(await account.invoke('login', logIn)).toMatchObject({ statusCode: 500 })
  expect(account.lines.join('\n')).toMatch(
    new RegExp(`assumed-role/.*/login is not authorized to perform: ${action} on`),
  )
})

test('an access key that the account has not given out opens nothing', async () => {
  await using account = await setUp()
  const client = {
    endpoint: account.aws,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAOTHER', secretAccessKey: 'x' },
  }
  const refused = expect.objectContaining({ name: 'UnrecognizedClientException' })

  await expect(new DynamoDBClient(client).send(new ListTablesCommand())).rejects.toEqual(refused)
  const sign = new SignCommand({
    KeyId: 'any',
    Message: Buffer.alloc(32),
    SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
  })
  await expect(new KMSClient(client).send(sign)).rejects.toEqual(refused)
})

test('a custom resource that fails stops the start with its reason', async () => {
  const start = setUp((template) => template.replace(/"SigningKeyArn":\{.*?\}/, '"SigningKeyArn":"arn:other"'))

  await expect(start).rejects.toThrow(/^Custom resource .*JwkSet.*: SigningKeyArn must be one of KeyArns/)
})
