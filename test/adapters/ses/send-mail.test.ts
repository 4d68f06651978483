import type { RequestListener } from 'node:http'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { describe, expect, test } from '@jest/globals'
import { createSendToAws } from '../../../functions/adapters/aws-request.ts'
import { formatSender } from '../../../functions/adapters/ses/address.ts'
import { createSendMail } from '../../../functions/adapters/ses/send-mail.ts'
import type { Mail } from '../../../functions/domain/mail/send-mail.ts'
import { answerError, startFaultyAws } from '../../support/fakes/aws-fault.ts'
import { configurationSet, configurationSetArn, identity, startAws } from '../../support/local-aws.ts'

const mail: Mail = {
  to: 'ada@example.net',
  subject: 'Ihr Code für Läden 🔑',
  text: 'Ihr Code:\n\n1234 5678\n',
  html: '<p>Ihr Code: <b>1234 5678</b> & mehr</p>',
}
const sentFrom = { from: 'no-reply@example.com', fromName: 'Läden' }
const asSender = {
  Effect: 'Allow',
  Action: 'ses:SendEmail',
  Resource: [identity.arn, configurationSetArn],
  Condition: { StringEquals: { 'ses:FromAddress': 'no-reply@example.com' } },
}

type Config = ConstructorParameters<typeof DynamoDBClient>[0]
type Changes = Partial<Omit<Parameters<typeof createSendMail>[0], 'client'>>

/** Sends as a function does: with the region and credentials of its DynamoDB client. */
function sender(endpoint: string, config: Config, changes: Changes = {}) {
  const client = new DynamoDBClient({ region: 'eu-central-1', ...config })
  const environment = { AWS_ENDPOINT_URL: endpoint }
  return createSendMail({ client, environment, ...sentFrom, configurationSet, ...changes })
}

const greeter = { credentials: { accessKeyId: 'ASIAGREETER', secretAccessKey: 'secret' } }

const sendTo = async (fault: RequestListener, changes: Changes = {}) => {
  const aws = await startFaultyAws(fault)
  try {
    const outcome = await sender(aws.config.endpoint, aws.config, changes)(mail)
    return { outcome, calls: aws.calls() }
  } finally {
    await aws.close()
  }
}

test('a mail is sent from the identity, by the configuration set, in the role of a function', async () => {
  await using aws = await startAws([asSender])

  const sent = await sender(aws.url, greeter)(mail)

  const [id = ''] = await aws.mails.list()
  expect(await aws.mails.find(id)).toEqual({
    messageId: sent.ok && sent.value.messageId,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    from: 'Läden <no-reply@example.com>',
    ...mail,
  })
  expect(aws.lines).toEqual([])
})

// REQ-167
test('the request names one recipient, the reply address, and no tracking', async () => {
  const bodies: string[] = []
  const { outcome } = await sendTo(
    async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      bodies.push(body)
      response.end('{"MessageId":"1"}')
    },
    { replyTo: 'help@example.com' },
  )

  expect(outcome).toEqual({ ok: true, value: { messageId: '1' } })
  expect(bodies.map((body) => JSON.parse(body))).toEqual([
    {
      FromEmailAddress: '=?UTF-8?B?TMOkZGVu?= <no-reply@example.com>',
      ReplyToAddresses: ['help@example.com'],
      Destination: { ToAddresses: ['ada@example.net'] },
      Content: {
        Simple: {
          Subject: { Data: mail.subject, Charset: 'UTF-8' },
          Body: { Text: { Data: mail.text, Charset: 'UTF-8' }, Html: { Data: mail.html, Charset: 'UTF-8' } },
        },
      },
      ConfigurationSetName: configurationSet,
      ConfigurationOverrides: { Tracking: { ClickTrackingEnabled: 'DISABLED', OpenTrackingEnabled: 'DISABLED' } },
    },
  ])
})

// REQ-167
test.each([
  ['Shop', '"Shop" <no-reply@example.com>'],
  ['Shop, Inc.', '"Shop, Inc." <no-reply@example.com>'],
  ['Läden', '=?UTF-8?B?TMOkZGVu?= <no-reply@example.com>'],
  ['a" <eve@example.net>', '=?UTF-8?B?YSIgPGV2ZUBleGFtcGxlLm5ldD4=?= <no-reply@example.com>'],
  ['a\r\nBcc: eve@example.net', '=?UTF-8?B?YQ0KQmNjOiBldmVAZXhhbXBsZS5uZXQ=?= <no-reply@example.com>'],
  ['', 'no-reply@example.com'],
])('the name %j stands in the sender so that it is only a name', async (fromName, sender) => {
  const bodies: string[] = []
  const { outcome } = await sendTo(
    async (request, response) => {
      for await (const chunk of request) bodies.push(String(chunk))
      response.end('{"MessageId":"1"}')
    },
    { fromName },
  )

  expect(outcome).toMatchObject({ ok: true })
  expect(JSON.parse(bodies.join('')).FromEmailAddress).toBe(sender)
})

// REQ-167
test.each(['名'.repeat(40), `x${'é'.repeat(100)}`, 'Läden & Söhne 🔑'.repeat(5)])(
  'a long name, %s, is encoded in words of at most 75 characters, none of which cuts a character',
  async (fromName) => {
    await using aws = await startAws([asSender])
    await sender(aws.url, greeter, { fromName })(mail)

    const [id = ''] = await aws.mails.list()
    expect((await aws.mails.find(id))?.from).toBe(`${fromName} <no-reply@example.com>`)
    const words = formatSender('a@b.c', fromName).split(' ').slice(0, -1)
    expect(words.length).toBeGreaterThan(1)
    expect(words.filter((word) => word.length > 75)).toEqual([])
    expect(words.map((word) => Buffer.from(word.slice(10, -2), 'base64').toString()).join('')).toBe(fromName)
  },
)

test.each([{ from: 'Shop <a@b.c>' }, { from: '' }, { replyTo: 'a@b.c\r\nBcc: d@e.f' }])(
  'a sender must be an address: %j is not',
  (change) => {
    expect(() => sender('', {}, change)).toThrow('must be addresses without a display name')
  },
)

// REQ-167
test.each([
  ['two addresses', { to: 'ada@example.net,eve@example.net' }, 'InvalidAddress'],
  ['a display name', { to: 'Ada <ada@example.net>' }, 'InvalidAddress'],
  ['a line break in the address', { to: 'ada@example.net\r\nBcc:eve@example.net' }, 'InvalidAddress'],
  ['a second @', { to: 'ada@eve.example@example.net' }, 'InvalidAddress'],
  ['a comment', { to: 'ada(eve)@example.net' }, 'InvalidAddress'],
  ['an encoded word', { to: '=?utf-8?q?eve=40example.net=3e?=@example.net' }, 'InvalidAddress'],
  ['nothing as its address', { to: '' }, 'InvalidAddress'],
  ['a line break in the subject', { subject: 'Hello\r\nBcc: eve@example.net' }, 'InvalidSubject'],
])('a mail with %s never leaves', async (_, change, error) => {
  const aws = await startFaultyAws((_, response) => void response.end('{"MessageId":"1"}'))
  const outcome = await sender(aws.config.endpoint, aws.config)({ ...mail, ...change })
  await aws.close()

  expect(outcome).toEqual({ ok: false, failure: { reason: 'refused', error } })
  expect(aws.calls()).toBe(0)
})

const refuseWith =
  (status: number, type: string, message: string): RequestListener =>
  (_, response) =>
    void response.writeHead(status, { 'x-amzn-errortype': type }).end(JSON.stringify({ message }))

const unverified = 'Email address is not verified. The following identities failed the check: ada@example.net'

// REQ-132, REQ-168
describe('a mail that SES does not take is tried once, and the failure says whether to try again', () => {
  test.each([
    [429, 'TooManyRequestsException', 'Maximum sending rate exceeded.', 'throttled'],
    [429, 'TooManyRequestsException', 'Daily message quota exceeded.', 'throttled'],
    [400, 'LimitExceededException:http://internal.amazon.com/coral/', '', 'throttled'],
    [400, 'ThrottlingException', 'Rate exceeded', 'throttled'],
    [400, 'MessageRejected', 'Contains a virus.', 'refused'],
    [400, 'AccountSuspendedException', '', 'refused'],
    [400, 'SendingPausedException', '', 'refused'],
    [400, 'MailFromDomainNotVerifiedException', '', 'refused'],
    [404, 'NotFoundException', 'Configuration set <mails> does not exist.', 'refused'],
    [403, 'AccessDeniedException', '', 'refused'],
    [403, 'ExpiredTokenException', '', 'unavailable'],
    [500, 'InternalFailure', '', 'unavailable'],
    [503, 'ServiceUnavailable', '', 'unavailable'],
  ])('%i %s %s: %s', async (status, type, message, reason) => {
    const { outcome, calls } = await sendTo(refuseWith(status, type, message))

    expect(outcome).toEqual({ ok: false, failure: { reason, error: type.split(':')[0] } })
    expect(calls).toBe(1)
  })

  test('an unverified sender, or a recipient in the sandbox, is told apart and named nowhere', async () => {
    const { outcome } = await sendTo(refuseWith(400, 'MessageRejected', unverified))

    expect(outcome).toEqual({ ok: false, failure: { reason: 'refused', error: 'IdentityNotVerified' } })
  })

  test('an error in another form is known by its body, else it has no name', async () => {
    const byBody = await sendTo(answerError(400, 'com.amazonaws.ses#MessageRejected'))
    const nameless = await sendTo((_, response) => void response.writeHead(400).end('<html>'))

    expect(byBody.outcome).toEqual({ ok: false, failure: { reason: 'refused', error: 'MessageRejected' } })
    expect(nameless.outcome).toEqual({ ok: false, failure: { reason: 'refused', error: 'UnknownError' } })
  })

  test.each<[string, RequestListener]>([
    ['the connection breaks', (request) => void request.socket.destroy()],
    ['no response comes', () => undefined],
    ['the response stops halfway', (_, response) => void response.writeHead(200, { 'content-length': 9 }).write('{')],
    ['the response never ends', (_, response) => void response.writeHead(200).write(' ')],
    ['the response is endless', (_, response) => void response.writeHead(200).end(' '.repeat(2 * 1024 * 1024))],
    ['the response has no message id', (_, response) => void response.end('{}')],
    ['the response is not JSON', (_, response) => void response.end('<html>')],
  ])('once SES has the mail and %s, it may have been sent', async (_, fault) => {
    const { outcome, calls } = await sendTo(fault, { timeLimit: 500 })

    expect(outcome).toEqual({ ok: false, failure: { reason: 'response_lost' } })
    expect(calls).toBe(1)
  })

  test('where nothing listens, nothing was sent', async () => {
    const aws = await startFaultyAws(() => undefined)
    await aws.close()

    expect(await sender(aws.config.endpoint, aws.config)(mail)).toEqual({
      ok: false,
      failure: { reason: 'unavailable', error: 'Error' },
    })
  })
})

describe('the endpoint is the one of the environment', () => {
  test.each([
    ['SES alone', (url: string) => ({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_SESV2: url })],
    ['all of AWS', (url: string) => ({ AWS_ENDPOINT_URL: `${url}/` })],
  ])('for %s', async (_, environmentOf) => {
    await using aws = await startAws([asSender])
    const sent = await sender('', greeter, { environment: environmentOf(aws.url) })(mail)

    expect(sent).toMatchObject({ ok: true })
  })

  test('unless the environment says that it does not count', async () => {
    await using aws = await startAws([asSender])
    const environment = { AWS_ENDPOINT_URL: aws.url, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }
    // DNS has no label of that length, so nobody is asked for the address.
    const service = { signingName: 'ses', hostPrefix: 'x'.repeat(64), variableName: 'SESV2' }
    const client = new DynamoDBClient({ region: 'eu-central-1', ...greeter })
    const outcome = await createSendToAws({ service, client, environment })({ path: '/', headers: {}, body: '{}' })

    expect(outcome).toMatchObject({ ok: false, failure: { reason: 'not_sent' } })
    expect(await aws.mails.list()).toEqual([])
  })
})
