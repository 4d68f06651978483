import { CfnEmailIdentity, type IEmailIdentity } from 'aws-cdk-lib/aws-ses'
import { Stack, Token } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { isInZone, knownNameOf, mayBeSame, placeOf } from '../domain/domain-rules.ts'
import type { EmailOptions } from './email-options.ts'
import { allowedIdentity, allowedPlace, domainOf, isOfIdentity } from './mail-rules.ts'

/** @throws Error that names what about the sender of mails cannot be deployed, with what is allowed. */
export function refuseImpossibleSender(
  scope: Construct,
  { from, identity, hostedZone }: Pick<EmailOptions, 'from' | 'identity' | 'hostedZone'>,
): void {
  const problems: string[] = []
  if (identity) {
    const name = nameOf(identity)
    if (!isOfIdentity(from, name)) problems.push(`email.identity: ${allowedIdentity}, not ${name}`)
    const { emailIdentityArn: arn, env } = identity
    const place = Token.isUnresolved(arn) ? env : placeOf(arn)
    if (!mayBeSame(place, Stack.of(scope))) {
      problems.push(`email.identity: ${allowedPlace}, not one in ${place.region} of account ${place.account}`)
    }
    if (hostedZone) problems.push('email.hostedZone: left out beside an identity, whose records are there already')
  }
  const zoneName = hostedZone && knownNameOf(hostedZone)
  if (zoneName !== undefined && !isInZone(domainOf(from), zoneName)) {
    problems.push(`email.hostedZone: a zone that can contain ${domainOf(from)}, not ${zoneName}`)
  }
  if (problems.length > 0) throw new Error(['Invalid settings:', ...problems].join('\n  '))
}

// The name of an identity that this app makes is a reference to its resource, which knows the name.
function nameOf({ emailIdentityName, node }: IEmailIdentity): string {
  const { defaultChild } = node
  return defaultChild instanceof CfnEmailIdentity ? defaultChild.emailIdentity : emailIdentityName
}
