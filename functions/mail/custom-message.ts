import type { Language } from '../domain/mail/language.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import type { PlannedMail } from './planned-mail.ts'

/** What stands for the code in texts of the owner's. The hook never sees the code itself. */
export const codeParameter = '{####}'

const triggerSources = {
  registrationCode: 'CustomMessage_SignUp',
  recoveryCode: 'CustomMessage_ForgotPassword',
  enrolmentCode: 'CustomMessage_Authentication',
  addressCode: 'CustomMessage_UpdateUserAttribute',
} as const

type CodeMail = PlannedMail<keyof typeof triggerSources>

/** Whether Cognito has a trigger for the texts of this mail. */
export const isCodeMail = (mail: PlannedMail): mail is CodeMail => mail.kind in triggerSources

/**
 * The event of Amazon Cognito's custom message trigger, so that a trigger that was written for a user pool works
 * unchanged. There is no user pool here: its id is made up.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
 */
export const customMessageEvent = ({ kind, to, facts, sub }: CodeMail, language: Language, region: string) => ({
  version: '1',
  region,
  userPoolId: `${region}_Latchkey`,
  // A registration and a new address are not told what the account is called.
  userName: ('username' in facts ? facts.username : undefined) ?? to,
  callerContext: { awsSdkVersion: 'latchkey', clientId: 'CLIENT_ID_NOT_APPLICABLE' },
  triggerSource: triggerSources[kind],
  request: {
    userAttributes: {
      ...(sub !== undefined && { sub }),
      'cognito:user_status': kind === 'registrationCode' ? 'UNCONFIRMED' : 'CONFIRMED',
      email: to,
      locale: language,
    },
    codeParameter,
    // Our mails have no links, and Cognito gives a name only where an administrator creates the account.
    linkParameter: null,
    usernameParameter: null,
    clientMetadata: {},
  },
  response: { smsMessage: null, emailMessage: null, emailSubject: null },
})

/** Texts of the owner's. Ours take the place of each that is undefined. `html` holds the placeholder of the code. */
type CustomTexts = { readonly subject: string | undefined; readonly html: string | undefined }

/** Why an answer of the hook was not used. */
type MalformedTexts = {
  readonly reason: 'malformed_response' | 'malformed_subject' | 'malformed_message' | 'no_placeholder'
}

const maxSubjectLength = 140
const maxMessageLength = 20_000

/**
 * Reads the hook's answer, which is the event with a filled `response`. What is null or left out is for us to write, as it
 * is for Cognito.
 */
export function readCustomTexts(answer: unknown): Result<CustomTexts, MalformedTexts> {
  const { response } = Object(answer)
  if (typeof response !== 'object' || response === null || Array.isArray(response)) {
    return fail({ reason: 'malformed_response' })
  }
  const { emailSubject, emailMessage } = response
  const [subject, html]: readonly unknown[] = [emailSubject ?? undefined, emailMessage ?? undefined]
  if (!(subject === undefined || isSubject(subject))) return fail({ reason: 'malformed_subject' })
  if (!(html === undefined || isMessage(html))) return fail({ reason: 'malformed_message' })
  if (html !== undefined && !html.includes(codeParameter)) return fail({ reason: 'no_placeholder' })
  return succeed({ subject, html })
}

// Subjects are shown on locked screens, so none may ask for the code.
const isSubject = (value: unknown): value is string =>
  isText(value, maxSubjectLength) && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value) && !value.includes(codeParameter)

const isMessage = (value: unknown): value is string =>
  isText(value, maxMessageLength) && !/[^\P{Cc}\t\r\n]/u.test(value)

const isText = (value: unknown, maxLength: number): value is string =>
  typeof value === 'string' && value.length <= maxLength && value.isWellFormed() && value.trim() !== ''
