import { describe, expect, test } from '@jest/globals'
import type { InvokeFunction } from '../../functions/domain/invoke-function.ts'
import { writeMail } from '../../functions/domain/mail/write-mail.ts'
import { fail, succeed } from '../../functions/domain/result.ts'
import { createComposeMail } from '../../functions/mail/compose-mail.ts'
import { createMailHandler } from '../../functions/mail/handler.ts'
import type { PlannedMail } from '../../functions/mail/planned-mail.ts'

const code = '01234567'
const facts = { service: 'Shop', time: 1_800_000_000, source: '203.0.113.7', code }
const to = 'ada@example.com'
const recovery = {
  kind: 'recoveryCode',
  to,
  sub: 'sub-of-ada',
  facts: { ...facts, username: 'ada' },
} satisfies PlannedMail
const ours = writeMail('recoveryCode', 'de', recovery.facts)

type Answer = Awaited<ReturnType<InvokeFunction>>

/** What is mailed where the owner's function gives this answer, and what it was asked. */
async function compose(answer: (event: object) => Answer, mail: PlannedMail = recovery) {
  const asked: object[] = []
  const composeMail = createComposeMail({
    askHook: async (event) => {
      asked.push(event)
      return answer(event)
    },
    region: 'eu-central-1',
  })
  return { ...(await composeMail(mail, 'de')), asked }
}

const withTexts = (response: object) => (event: object) => succeed({ ...event, response })

describe("the event is that of Cognito's custom message trigger", () => {
  test('for a recovery, with a placeholder in the place of the code', async () => {
    const { asked } = await compose(succeed)

    expect(asked).toEqual([
      {
        version: '1',
        region: 'eu-central-1',
        userPoolId: 'eu-central-1_Latchkey',
        userName: 'ada',
        callerContext: { awsSdkVersion: 'latchkey', clientId: 'CLIENT_ID_NOT_APPLICABLE' },
        triggerSource: 'CustomMessage_ForgotPassword',
        request: {
          userAttributes: { sub: 'sub-of-ada', 'cognito:user_status': 'CONFIRMED', email: to, locale: 'de' },
          codeParameter: '{####}',
          linkParameter: null,
          usernameParameter: null,
          clientMetadata: {},
        },
        response: { smsMessage: null, emailMessage: null, emailSubject: null },
      },
    ])
    expect(JSON.stringify(asked)).not.toContain(code)
  })

  test('for an enrolment, which Cognito would call an authentication', async () => {
    const { asked } = await compose(succeed, { ...recovery, kind: 'enrolmentCode' })

    expect(asked).toMatchObject([
      {
        triggerSource: 'CustomMessage_Authentication',
        userName: 'ada',
        request: { userAttributes: { sub: 'sub-of-ada', 'cognito:user_status': 'CONFIRMED', email: to, locale: 'de' } },
      },
    ])
    expect(JSON.stringify(asked)).not.toContain(code)
  })

  test.each([
    ['registrationCode', 'CustomMessage_SignUp', 'UNCONFIRMED'],
    ['addressCode', 'CustomMessage_UpdateUserAttribute', 'CONFIRMED'],
  ] as const)('for the mail %s', async (kind, triggerSource, status) => {
    const { asked } = await compose(succeed, { kind, to, facts })

    expect(asked).toMatchObject([
      {
        triggerSource,
        userName: to,
        request: { userAttributes: { 'cognito:user_status': status, email: to, locale: 'de' } },
      },
    ])
  })
})

describe('the texts of the hook', () => {
  const emailSubject = 'Ihr Code für den Laden'
  const emailMessage = '<p>Liebe Ada,</p>\n<p>Ihr Code: <b>{####}</b>, noch einmal {####}</p>'

  test('are mailed with the code in them', async () => {
    expect(await compose(withTexts({ smsMessage: null, emailSubject, emailMessage }))).toMatchObject({
      written: {
        subject: emailSubject,
        html: `<p>Liebe Ada,</p>\n<p>Ihr Code: <b>${code}</b>, noch einmal ${code}</p>`,
        text: `Liebe Ada,\nIhr Code: ${code}, noch einmal ${code}\n`,
      },
    })
  })

  test.each<[string, object, object]>([
    ['only a subject', { emailSubject }, { ...ours, subject: emailSubject }],
    ['only a message', { emailMessage: 'Code {####}' }, { subject: ours.subject, html: `Code ${code}` }],
    ['the longest subject', { emailSubject: 'x'.repeat(140) }, { subject: 'x'.repeat(140) }],
    ['the longest message', { emailMessage: `${'x'.repeat(19_994)}{####}` }, { html: `${'x'.repeat(19_994)}${code}` }],
    [
      'a message with the code in a link only, whose words are ours',
      { emailMessage: '<a href="https://shop.example/#{####}">Weiter</a>' },
      { html: `<a href="https://shop.example/#${code}">Weiter</a>`, text: ours.text },
    ],
    ['null everywhere', { smsMessage: null, emailMessage: null, emailSubject: null }, ours],
    ['nothing', {}, ours],
  ])('may be %s', async (_, response, written) => {
    const composed = await compose(withTexts(response))

    expect(composed.written).toMatchObject(written)
    expect(composed.hookFailure).toBeUndefined()
  })

  test.each<[string, (event: object) => Answer, string]>([
    ['there is no answer in time', () => fail({ reason: 'unavailable' }), 'unavailable'],
    ['it throws', () => fail({ reason: 'function_error', type: 'Error', message: to }), 'function_error'],
    ['it returns nothing', () => succeed(null), 'malformed_response'],
    ['it returns a string', () => succeed('text'), 'malformed_response'],
    ['the response is missing', (event) => succeed({ ...event, response: undefined }), 'malformed_response'],
    ['the response is a list', withTexts([emailMessage]), 'malformed_response'],
    ['the subject is a number', withTexts({ emailSubject: 1, emailMessage }), 'malformed_subject'],
    ['the subject is empty', withTexts({ emailSubject: '', emailMessage }), 'malformed_subject'],
    ['the subject is too long', withTexts({ emailSubject: 'x'.repeat(141) }), 'malformed_subject'],
    ['the subject has a second line', withTexts({ emailSubject: 'a\r\nBcc: eve@example.com' }), 'malformed_subject'],
    ['the subject has a line separator', withTexts({ emailSubject: 'a\u2028b' }), 'malformed_subject'],
    ['the subject has half a character', withTexts({ emailSubject: '\ud83d' }), 'malformed_subject'],
    ['the subject asks for the code', withTexts({ emailSubject: '{####}', emailMessage }), 'malformed_subject'],
    ['the message is a list', withTexts({ emailSubject, emailMessage: [emailMessage] }), 'malformed_message'],
    ['the message is blank', withTexts({ emailSubject, emailMessage: ' ' }), 'malformed_message'],
    ['the message is too long', withTexts({ emailMessage: `${'x'.repeat(19_995)}{####}` }), 'malformed_message'],
    ['the message has a NUL', withTexts({ emailMessage: '{####}\0' }), 'malformed_message'],
    ['the message lacks the placeholder', withTexts({ emailSubject, emailMessage: '{###}' }), 'no_placeholder'],
  ])('are ours where %s', async (_, answer, reason) => {
    expect(await compose(answer)).toMatchObject({ written: ours, hookFailure: { reason } })
  })

  test.each<PlannedMail>([
    { kind: 'addressInUse', to, facts },
    { kind: 'passwordChanged', to, facts: { ...facts, username: 'ada' } },
  ])('are not asked for where Cognito has no trigger: $kind', async (mail) => {
    const { written, asked } = await compose(withTexts({ emailSubject, emailMessage }), mail)

    expect(asked).toEqual([])
    expect(written).toEqual(writeMail(mail.kind, 'de', mail.facts))
  })
})

test('the words of an HTML message are its plain text', async () => {
  const emailMessage = `<!doctype html><html><head><title>x</title><style>p { color: red }</style></head><body>
    <!-- a note --><h1>Tom &amp; Jerry</h1><p>a&nbsp;&lt;b&gt; &#65;&#x42; &unknown; &#0;<br/>
    1 < 2</p><script>alert(1)</script><div>{####}</div></body></html>`
  const { written } = await compose(withTexts({ emailMessage }))

  expect(written.text).toBe(`Tom & Jerry\na <b> AB &unknown; &#0;\n1 < 2\n${code}\n`)
})

// REQ-122
test('a hook that fails is logged without what it said, and the mail is sent', async () => {
  const lines: string[] = []
  const sent: object[] = []
  const event = { kind: 'code', purpose: 'recover', id: 'id', codeKey: 'key', time: 1, language: 'de' }
  const handler = createMailHandler({
    planCode: async () => succeed(recovery),
    planNotice: async () => fail({ reason: 'unknown_user' }),
    composeMail: createComposeMail({
      askHook: async () => fail({ reason: 'function_error', type: to, message: `no texts for ${to}` }),
      region: 'eu-central-1',
    }),
    sendMail: async (mail) => {
      sent.push(mail)
      return succeed({ messageId: 'message-1' })
    },
    write: (line) => void lines.push(line),
    now: () => 0,
  })
  await handler(event, { awsRequestId: 'request-1' })

  const about = { time: '1970-01-01T00:00:00.000Z', kind: 'recoveryCode', sub: 'sub-of-ada', request_id: 'request-1' }
  expect(sent).toEqual([{ to, ...ours }])
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { ...about, event: 'mail_hook_fail', outcome: 'failure', reason: 'function_error' },
    { ...about, event: 'mail_sent', outcome: 'success', message_id: 'message-1' },
  ])
})
