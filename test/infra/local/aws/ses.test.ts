import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { expect, test } from '@jest/globals'
import { configurationSet, configurationSetArn, identity, newFolder, startAws } from '../../../support/local-aws.ts'
import { region } from '../../../support/local-lambda.ts'

const path = '/v2/email/outbound-emails'
const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' })
const mail = {
  FromEmailAddress: 'no-reply@example.com',
  Destination: { ToAddresses: ['ada@example.net'] },
  Content: { Simple: { Subject: utf8('Hello'), Body: { Text: utf8('text'), Html: utf8('<p>html</p>') } } },
  ConfigurationSetName: configurationSet,
}

type Signing = { readonly accessKeyId?: string; readonly secretAccessKey?: string; readonly service?: string }

/** A request signed by the SDK's own code. */
async function sign(url: string, body: string, { accessKeyId, secretAccessKey, service }: Signing = {}) {
  const { hostname, port, host } = new URL(url)
  const credentials = { accessKeyId: accessKeyId ?? 'AKIAOWNER', secretAccessKey: secretAccessKey ?? 'secret' }
  const signer = await new DynamoDBClient({ region, credentials }).config.signer()
  const headers = { host, 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
  const place = { protocol: 'http:', hostname, port: Number(port), path, query: {} }
  return (await signer.sign({ method: 'POST', ...place, headers, body }, { signingService: service ?? 'ses' })).headers
}

async function post(url: string, headers: Readonly<Record<string, string>>, body: string) {
  const call = request(new URL(path, url), { method: 'POST', headers })
  const { promise, resolve, reject } = Promise.withResolvers<import('node:http').IncomingMessage>()
  call.on('response', resolve).on('error', reject).end(body)
  const response = await promise
  const answer = JSON.parse(await text(response))
  return { status: response.statusCode, error: response.headers['x-amzn-errortype'], message: answer.message, answer }
}

async function send(url: string, parameters: object = mail, signing: Signing = {}) {
  const body = JSON.stringify(parameters)
  return post(url, await sign(url, body, signing), body)
}

const asGreeter = { accessKeyId: 'ASIAGREETER' }
const allow = (more: object = {}) => ({
  Effect: 'Allow',
  Action: 'ses:SendEmail',
  Resource: [identity.arn, configurationSetArn],
  Condition: { StringEquals: { 'ses:FromAddress': 'no-reply@example.com' } },
  ...more,
})

test('a mail becomes a file that only its owner reads', async () => {
  const data = newFolder()
  await using aws = await startAws([], { data })
  const { status, answer } = await send(aws.url)

  expect(status).toBe(200)
  const [file = '', ...others] = readdirSync(join(data, 'mail'))
  expect(others).toEqual([])
  expect(file).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z-[0-9a-f]{8}\.json$/)
  expect(JSON.parse(readFileSync(join(data, 'mail', file), 'utf8'))).toEqual({
    messageId: answer.MessageId,
    time: expect.stringMatching(/Z$/),
    to: 'ada@example.net',
    from: 'no-reply@example.com',
    subject: 'Hello',
    text: 'text',
    html: '<p>html</p>',
  })
  expect(statSync(join(data, 'mail', file)).mode & 0o777).toBe(0o600)
  expect(statSync(join(data, 'mail')).mode & 0o777).toBe(0o700)
})

// REQ-201
test('20 mails at once become 20 files, the newest first', async () => {
  await using aws = await startAws()
  const subjects = Array.from({ length: 20 }, (_, index) => `Mail ${index}`)
  await Promise.all(
    subjects.map((subject) =>
      send(aws.url, { ...mail, Content: { Simple: { ...mail.Content.Simple, Subject: utf8(subject) } } }),
    ),
  )

  const mails = await Promise.all((await aws.mails.list()).map((id) => aws.mails.find(id)))
  expect(mails.map((found) => found?.subject).sort()).toEqual(subjects.sort())
  expect(mails.map((found) => found?.time)).toEqual(
    mails
      .map((found) => found?.time)
      .sort()
      .reverse(),
  )
})

// REQ-137, REQ-159
test.each([
  ['identity, configuration set and sender', allow(), 200],
  ['senders by a pattern', allow({ Condition: { StringLike: { 'ses:FromAddress': '*@example.com' } } }), 200],
  ['another sender', allow({ Condition: { StringEquals: { 'ses:FromAddress': 'root@example.com' } } }), 403],
  ['no configuration set', allow({ Resource: identity.arn }), 403],
  ['only the configuration set', allow({ Resource: configurationSetArn }), 403],
  ['another action', allow({ Action: 'ses:SendRawEmail' }), 403],
])('a role that names %s', async (_, statement, status) => {
  await using aws = await startAws([statement])

  expect(await send(aws.url, mail, asGreeter)).toMatchObject({ status })
  expect(await aws.mails.list()).toHaveLength(status === 200 ? 1 : 0)
})

test('a denial is in the words of AWS, and the developer is told', async () => {
  await using aws = await startAws()
  const message =
    'User: arn:aws:sts::123456789012:assumed-role/greeter-role/greeter is not authorized to perform: ses:SendEmail ' +
    `on resource: ${identity.arn} because no identity-based policy allows the ses:SendEmail action`

  expect(await send(aws.url, mail, asGreeter)).toMatchObject({ status: 403, error: 'AccessDeniedException', message })
  expect(aws.lines).toEqual([`iam: ${message}`])
})

test('without a configuration set the identity is enough', async () => {
  await using aws = await startAws([allow({ Resource: identity.arn })])
  const { ConfigurationSetName, ...without } = mail

  expect(await send(aws.url, without, asGreeter)).toMatchObject({ status: 200 })
})

test.each([
  ['an address of the domain', 'no-reply@example.com', [], 200],
  ['an address of a subdomain', 'no-reply@mail.EXAMPLE.com', [], 200],
  ['a display name', '"Shop" <no-reply@example.com>', [], 200],
  ['an address that is itself an identity', 'ada@example.org', ['ada@example.org'], 200],
  ['another address of that domain', 'eve@example.org', ['ada@example.org'], 400],
  ['a domain that only ends alike', 'no-reply@notexample.com', [], 400],
])('from %s', async (_, from, more, status) => {
  const identities = [identity, ...more.map((name) => ({ name, arn: `${identity.arn}/${name}` }))]
  await using aws = await startAws([], { identities })

  const sent = await send(aws.url, { ...mail, FromEmailAddress: from })
  expect(sent).toMatchObject(status === 200 ? { status } : { status, error: 'MessageRejected' })
})

test.each([
  ['an unknown configuration set', { ConfigurationSetName: 'other' }, 404, 'NotFoundException'],
  ['two recipients', { Destination: { ToAddresses: ['a@b.c', 'd@e.f'] } }, 400, 'BadRequestException'],
  ['a copy', { Destination: { ToAddresses: ['a@b.c'], BccAddresses: ['d@e.f'] } }, 400, 'BadRequestException'],
  ['a list as a recipient', { Destination: { ToAddresses: ['a@b.c,d@e.f'] } }, 400, 'BadRequestException'],
  ['a line break in a recipient', { Destination: { ToAddresses: ['a@b.c\r\nBcc:d@e.f'] } }, 400, 'BadRequestException'],
  ['a sender without an address', { FromEmailAddress: 'nobody' }, 400, 'BadRequestException'],
  ['a display name that is not encoded', { FromEmailAddress: 'Läden <a@example.com>' }, 400, 'BadRequestException'],
  ['a template', { Content: { Template: { TemplateName: 'x' } } }, 400, 'BadRequestException'],
  [
    'tracking',
    { ConfigurationOverrides: { Tracking: { ClickTrackingEnabled: 'ENABLED', OpenTrackingEnabled: 'DISABLED' } } },
    400,
    'BadRequestException',
  ],
  ['a member that is not known here', { EmailTags: [] }, 400, 'BadRequestException'],
])('a mail with %s is refused', async (_, change, status, error) => {
  await using aws = await startAws()

  expect(await send(aws.url, { ...mail, ...change })).toMatchObject({ status, error })
  expect(await aws.mails.list()).toEqual([])
})

// REQ-137
test.each<[string, Signing]>([
  ['by another secret', { secretAccessKey: 'guess' }],
  ['for another service', { service: 'dynamodb' }],
])('a mail that is signed %s is refused', async (_, signing) => {
  await using aws = await startAws()

  expect(await send(aws.url, mail, signing)).toMatchObject({ status: 403, error: 'InvalidSignatureException' })
  expect(await aws.mails.list()).toEqual([])
})

test.each([
  ['its body changed', (headers: Record<string, string>) => headers, '{"FromEmailAddress":"eve@example.com"}'],
  ['its time changed', (headers: Record<string, string>) => ({ ...headers, 'x-amz-date': '20260101T000000Z' }), ''],
  ['a header of AWS added', (headers: Record<string, string>) => ({ ...headers, 'x-amz-other': 'more' }), ''],
  ['a session token added', (headers: Record<string, string>) => ({ ...headers, 'x-amz-security-token': 't' }), ''],
])('a mail with %s after it was signed is refused', async (_, change, otherBody) => {
  await using aws = await startAws()
  const body = JSON.stringify(mail)
  const headers = change(await sign(aws.url, body))
  const sent = otherBody || body
  const answer = await post(aws.url, { ...headers, 'content-length': String(Buffer.byteLength(sent)) }, sent)

  expect(answer).toMatchObject({ status: 403, error: 'InvalidSignatureException' })
})

test('a function must send the session token of its role', async () => {
  const everything = { Effect: 'Allow', Action: '*', Resource: '*' }
  const principal = {
    accessKeyId: 'ASIA',
    secretAccessKey: 'secret',
    arn: 'arn',
    policies: [{ Statement: everything }],
  }
  await using aws = await startAws([], {
    principals: [{ ...principal, sessionToken: createHash('md5').digest('hex') }],
  })

  expect(await send(aws.url, mail, { accessKeyId: 'ASIA' })).toMatchObject({ error: 'InvalidSignatureException' })
})
