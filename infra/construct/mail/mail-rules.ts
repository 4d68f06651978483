import { Token } from 'aws-cdk-lib/core'
import { isDomainName, isInZone } from '../domain/domain-rules.ts'

// Narrower than RFC 5322's dot-atom: what the owner chooses needs no character that means something in a policy of IAM.
const local = /^(?=.{1,64}$)[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*$/

const identityArnForm = /^arn:aws[a-z-]*:ses:[a-z0-9-]+:\d{12}:identity\/[^\s*?$/]+$/

export const domainOf = (address: string): string => address.slice(address.indexOf('@') + 1)

/** What mails may come from or be answered to: an address without a name. The domain is what DNS and IAM compare. */
export function isPlainAddress(text: string): boolean {
  const [before = '', after = '', ...more] = text.split('@')
  return more.length === 0 && text.length <= 254 && local.test(before) && isDomainName(after)
}

export const allowedAddress =
  'an e-mail address such as no-reply@example.com, without a name beside it, its domain in lower case'

/** Whether it is the ARN of an identity, or a value that only the deployment knows. */
export const isIdentityArn = (text: string): boolean => Token.isUnresolved(text) || identityArnForm.test(text)

/** The address or domain of an ARN; undefined where only the deployment knows it. */
export const identityIn = (arn: string): string | undefined =>
  Token.isUnresolved(arn) ? undefined : arn.slice(arn.indexOf('/') + 1)

/** Whether SES lets mails come from that address once the identity, an address or a domain, is verified. */
export function isOfIdentity(address: string, identity: string): boolean {
  if (Token.isUnresolved(identity)) return true
  return identity.includes('@') ? address === identity : isInZone(domainOf(address), identity)
}

export const allowedIdentity = 'the identity of emailFrom, of its domain or of a domain above it'
export const allowedPlace = 'an identity in the account and Region of the stack'
