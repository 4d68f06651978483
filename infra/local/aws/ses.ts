import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { type Account, type Api, type ApiCall, awsError } from './aws-api.ts'
import type { Mails } from './mails.ts'
import { readRequest } from './read-request.ts'

/** A domain or an address that mails may come from. */
export type LocalIdentity = { readonly name: string; readonly arn: string }

export const sendEmailUrl = '/v2/email/outbound-emails'

const content = v.strictObject({ Data: v.string(), Charset: v.literal('UTF-8') })
const isOff = v.literal('DISABLED')

// Strict: what is not listed is refused instead of being passed over.
const request = v.strictObject({
  FromEmailAddress: v.string(),
  ReplyToAddresses: v.exactOptional(v.array(v.string()), []),
  Destination: v.strictObject({ ToAddresses: v.strictTuple([v.string()]) }),
  Content: v.strictObject({
    Simple: v.strictObject({ Subject: content, Body: v.strictObject({ Text: content, Html: content }) }),
  }),
  ConfigurationSetName: v.exactOptional(v.string()),
  ConfigurationOverrides: v.exactOptional(
    v.strictObject({
      Tracking: v.strictObject({ ClickTrackingEnabled: isOff, OpenTrackingEnabled: isOff }),
    }),
  ),
})

const read = (parameters: ApiCall['parameters']) => readRequest(request, parameters, 'BadRequestException')

/** The address in `name@domain` or `Name <name@domain>`. */
function readAddress(text: string): string {
  const [, bare, bracketed] = /^(?:([^<>]+)|[^<>]*<([^<>]+)>)$/.exec(text) ?? []
  const address = bare ?? bracketed ?? ''
  // A display name in another script must be encoded.
  if (/^[\x20-\x7e]+$/.test(text) && /^[^@,;\s]+@[^@,;\s]+$/.test(address)) return address
  throw awsError('BadRequestException', `Illegal address: ${JSON.stringify(text)}`)
}

/** A sender as a mail program shows it. RFC 2047: no space is left between two encoded words. */
function readSender(text: string): string {
  const word = /=\?UTF-8\?B\?([A-Za-z0-9+/=]+)\?=/g
  return text
    .replace(/\?= (?==\?)/g, '?=')
    .replace(word, (_, base64: string) => Buffer.from(base64, 'base64').toString())
    .replace(/^"([^"]*)"/, '$1')
}

/** What stands for an address in IAM: the address itself, else its domain, else a domain above that. */
function namesFor(address: string): readonly string[] {
  const labels = (address.split('@')[1] ?? '').split('.')
  return [address, ...labels.map((_, index) => labels.slice(index).join('.'))].map((name) => name.toLowerCase())
}

type SesOptions = Account & {
  readonly identities: readonly LocalIdentity[]
  readonly configurationSets: readonly string[]
  readonly mails: Mails
}

/** SES v2 with one operation, SendEmail. Nothing leaves the machine: each mail becomes a file that the mailbox shows. */
export function createSes({ region, account, identities, configurationSets, mails }: SesOptions): Api {
  const arn = (resource: string) => `arn:aws:ses:${region}:${account}:${resource}`
  const findIdentity = (address: string) =>
    namesFor(address)
      .map((wanted) => identities.find(({ name }) => name.toLowerCase() === wanted))
      .find((identity) => identity !== undefined)

  return {
    access({ parameters }) {
      const { FromEmailAddress, ConfigurationSetName } = read(parameters)
      const from = readAddress(FromEmailAddress)
      const identity = findIdentity(from)?.arn ?? arn(`identity/${from}`)
      const sets = ConfigurationSetName === undefined ? [] : [arn(`configuration-set/${ConfigurationSetName}`)]
      const context = { 'ses:FromAddress': [from] }
      return [identity, ...sets].map((resource) => ({ action: 'ses:SendEmail', resource, context }))
    },
    async perform({ parameters }) {
      const { FromEmailAddress, ReplyToAddresses, Destination, Content, ConfigurationSetName } = read(parameters)
      const [to] = Destination.ToAddresses
      for (const address of [to, ...ReplyToAddresses]) readAddress(address)
      const from = readAddress(FromEmailAddress)
      if (!findIdentity(from)) {
        const where = `The following identities failed the check in region ${region.toUpperCase()}: ${from}`
        throw awsError('MessageRejected', `Email address is not verified. ${where}`)
      }
      if (ConfigurationSetName !== undefined && !configurationSets.includes(ConfigurationSetName)) {
        throw awsError('NotFoundException', `Configuration set <${ConfigurationSetName}> does not exist.`, 404)
      }
      const { Subject, Body } = Content.Simple
      const messageId = randomUUID()
      const text = { subject: Subject.Data, text: Body.Text.Data, html: Body.Html.Data }
      await mails.put({ messageId, to, from: readSender(FromEmailAddress), ...text })
      const headers = { 'content-type': 'application/json' }
      return { status: 200, headers, body: JSON.stringify({ MessageId: messageId }) }
    },
  }
}
