import type { Mail, SendMail, SendMailFailure } from '../../domain/mail/send-mail.ts'
import { fail, succeed } from '../../domain/result.ts'
import { type AwsRequestOptions, type AwsResponse, createSendToAws } from '../aws-request.ts'
import { formatSender, isBareAddress } from './address.ts'

type SendMailOptions = Omit<AwsRequestOptions, 'service'> & {
  /** An address without a display name, as `replyTo` is. */
  readonly from: string
  /** What people read as the sender, such as the name of the service. */
  readonly fromName?: string | undefined
  readonly replyTo?: string | undefined
  readonly configurationSet: string
}

const ses = { signingName: 'ses', hostPrefix: 'email', variableName: 'SESV2' } as const

/**
 * Sends mails by SES v2, without open and click tracking: tracking rewrites links and loads a remote image. The request is
 * sent once, so a mail is never sent twice without the caller's knowledge.
 * @throws Error where `from` or `replyTo` is not an address.
 */
export function createSendMail(settings: SendMailOptions): SendMail {
  const { from, fromName, replyTo, configurationSet, ...options } = settings
  for (const address of [from, replyTo ?? from]) {
    if (!isBareAddress(address)) throw new Error('Sender and reply address must be addresses without a display name.')
  }
  const sender = formatSender(from, fromName)
  const send = createSendToAws({ ...options, service: ses })
  return async (mail) => {
    const flaw = findFlaw(mail)
    if (flaw) return fail({ reason: 'refused', error: flaw })
    const sent = await send({
      path: '/v2/email/outbound-emails',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        FromEmailAddress: sender,
        ...(replyTo && { ReplyToAddresses: [replyTo] }),
        Destination: { ToAddresses: [mail.to] },
        Content: { Simple: contentOf(mail) },
        ConfigurationSetName: configurationSet,
        ConfigurationOverrides: { Tracking: { ClickTrackingEnabled: 'DISABLED', OpenTrackingEnabled: 'DISABLED' } },
      }),
    })
    if (sent.ok) return readResponse(sent.value)
    const { reason, cause } = sent.failure
    if (reason === 'response_lost') return fail({ reason })
    return fail({ reason: 'unavailable', error: cause instanceof Error ? cause.name : 'Error' })
  }
}

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' })

const contentOf = ({ subject, text, html }: Mail) => ({
  Subject: utf8(subject),
  Body: { Text: utf8(text), Html: utf8(html) },
})

// SES reads a list of addresses, display names and comments from one string, and a line break would begin a header. What
// was stored went through a stricter parser; this is the last look before the mail leaves.
function findFlaw({ to, subject }: Mail): 'InvalidAddress' | 'InvalidSubject' | undefined {
  if (!isBareAddress(to)) return 'InvalidAddress'
  return /\p{Cc}/u.test(subject) ? 'InvalidSubject' : undefined
}

function readResponse({ status, headers, body }: AwsResponse): Awaited<ReturnType<SendMail>> {
  const members = readMembers(body)
  if (status === 200) {
    const { MessageId: messageId } = members
    return typeof messageId === 'string' ? succeed({ messageId }) : fail({ reason: 'response_lost' })
  }
  return fail(failureOf(status, errorOf(headers['x-amzn-errortype'] ?? members['__type']), members['message']))
}

function readMembers(body: string): Readonly<Record<string, unknown>> {
  try {
    const members: unknown = JSON.parse(body)
    return typeof members === 'object' && members !== null ? { ...members } : {}
  } catch {
    return {}
  }
}

// `Name:http://internal.amazon.com/…` or `namespace#Name`.
const errorOf = (type: unknown): string =>
  /(?:^|#)([A-Za-z]{1,64})(?::|$)/.exec(String(type ?? ''))?.[1] ?? 'UnknownError'

const throttles = new Set(['TooManyRequestsException', 'ThrottlingException', 'Throttling', 'LimitExceededException'])

// Credentials that expire between signing and sending.
const temporary = new Set(['ExpiredTokenException', 'RequestExpired', 'RequestTimeTooSkewed'])

function failureOf(status: number, error: string, message: unknown): SendMailFailure {
  if (status === 429 || throttles.has(error)) return { reason: 'throttled', error }
  if (status >= 500 || temporary.has(error)) return { reason: 'unavailable', error }
  // The message names the address that failed. In the SES sandbox that is the recipient's too.
  const unverified = error === 'MessageRejected' && /^Email address is not verified/i.test(String(message))
  return { reason: 'refused', error: unverified ? 'IdentityNotVerified' : error }
}
