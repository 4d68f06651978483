import type { IHostedZone } from 'aws-cdk-lib/aws-route53'
import { Token } from 'aws-cdk-lib/core'
import type { DomainOptions } from '../domain/domain-options.ts'
import { isInZone, knownNameOf } from '../domain/domain-rules.ts'
import type { EmailOptions } from './email-options.ts'
import { domainOf } from './mail-rules.ts'

type Domain = Pick<DomainOptions, 'name' | 'hostedZone'>

/** The zone for the DKIM records: the one that is given, or that of the API's domain where it is sure to contain them. */
export function zoneOf(
  { from, hostedZone }: Pick<EmailOptions, 'from' | 'hostedZone'>,
  domain: Domain | undefined,
): IHostedZone | undefined {
  if (hostedZone || !domain?.hostedZone) return hostedZone
  const surely = knownNameOf(domain.hostedZone) ?? domain.name
  return !Token.isUnresolved(surely) && isInZone(domainOf(from), surely) ? domain.hostedZone : undefined
}
