import type { IHostedZone } from 'aws-cdk-lib/aws-route53'
import { Token } from 'aws-cdk-lib/core'

// RFC 1123 section 2.1, in lower case, because API Gateway changes the case and an issuer is compared as it is. The last
// label has a letter in front, so an IP address is no name. With https:// in front it is at most as long as an issuer.
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const domainName = new RegExp(`^(?=.{4,248}$)(?:${label}\\.)+(?=[a-z])${label}$`)

/** What a domain may be called: no wildcard, because an issuer is one address. */
export const isDomainName = (name: string): boolean => domainName.test(name)

export const allowedDomainName =
  'a domain name such as auth.example.com, in lower case, without scheme, path, * or dot at the end'

const executeApiAddress = /^https:\/\/[a-z0-9]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/

/**
 * Whether an issuer is API Gateway's own address: with a domain it may be that while a live stack moves, and the address
 * then stays open. A value that CloudFormation produces at deploy cannot be read here, so it counts as such.
 */
export const isExecuteApiAddress = (issuer: string): boolean =>
  Token.isUnresolved(issuer) || executeApiAddress.test(issuer)

/** Whether tokens may name this issuer beside a domain of that name. */
export const isIssuerOf = (name: string, issuer: string): boolean =>
  issuer === `https://${name}` || isExecuteApiAddress(issuer)

export const allowedIssuer =
  'left out where there is a domain, because it is https:// and the name of the domain; only while a live stack moves to ' +
  'its domain it may be the execute-api address (docs/domain.md)'

type Place = { readonly account?: string | undefined; readonly region?: string | undefined }

/** The account and Region of an ARN; both undefined where only the deployment knows it. */
export function placeOf(arn: string): Place {
  if (Token.isUnresolved(arn)) return {}
  const [, , , region, account] = arn.split(':')
  return { account, region }
}

/** Whether two places can be the same; an unknown one can be any. */
export const mayBeSame = (one: Place, other: Place): boolean =>
  agree(one.account, other.account) && agree(one.region, other.region)

const agree = (one: string | undefined, other: string | undefined): boolean =>
  isUnknown(one) || isUnknown(other) || one === other

const isUnknown = (value: string | undefined): boolean => value === undefined || Token.isUnresolved(value)

export const allowedCertificate = 'a certificate in the account and Region of the stack'

/** Whether a zone can have records of that name. */
export function isInZone(name: string, zoneName: string): boolean {
  if (Token.isUnresolved(name) || Token.isUnresolved(zoneName)) return true
  const zone = zoneName.replace(/\.$/, '').toLowerCase()
  return name === zone || name.endsWith(`.${zone}`)
}

/** The name of a zone; undefined where only its id is known, because reading the name throws. */
export function knownNameOf(zone: IHostedZone): string | undefined {
  try {
    return zone.zoneName
  } catch {
    return undefined
  }
}
