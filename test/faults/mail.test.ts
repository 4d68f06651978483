import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { expect, test } from '@jest/globals'
import { createSendMail } from '../../functions/adapters/ses/send-mail.ts'
import { type Fault, startFaultyAws } from '../support/fakes/faulty-aws.ts'
import { configurationSet, startAws } from '../support/local-aws.ts'

const mail = { to: 'ada@example.net', subject: 'Hello', text: '1234 5678', html: '<p>1234 5678</p>' }

/** Sends one mail through a fault, and tells what the sender learned and how many mails there are. */
async function sendThrough(fault: Fault | undefined, timeLimit: number) {
  await using aws = await startAws()
  await using faulty = await startFaultyAws(aws.url, 'AKIAOWNER')
  const { config, calls } = faulty.admit(fault && { call: 'SendEmail', at: () => true, fault })
  const send = createSendMail({
    client: new DynamoDBClient(config),
    environment: { AWS_ENDPOINT_URL: config.endpoint },
    from: 'no-reply@example.com',
    configurationSet,
    timeLimit,
  })
  const outcome = await send(mail)
  return [outcome.ok ? 'sent' : outcome.failure.reason, (await aws.mails.list()).length, calls]
}

const patient = 30_000
const impatient = 500

// REQ-132, REQ-168
test.each<[Fault | undefined, string, number, number]>([
  [undefined, 'sent', 1, patient],
  ['a slow answer', 'sent', 1, patient],
  ['throttling', 'throttled', 0, patient],
  ['a refusal', 'refused', 0, patient],
  ['an internal error', 'unavailable', 0, patient],
  ['a broken connection', 'response_lost', 0, patient],
  ['no answer', 'response_lost', 0, impatient],
  ['an answer lost', 'response_lost', 1, patient],
  ['half an answer', 'response_lost', 1, patient],
])('a mail that meets %s is %s, with %i mails captured, and is tried once', async (fault, reason, count, timeLimit) => {
  expect(await sendThrough(fault, timeLimit)).toEqual([reason, count, ['SendEmail']])
})
