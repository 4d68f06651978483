import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager'
import { Stack, Token } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import type { DomainOptions } from './domain-options.ts'
import {
  allowedCertificate,
  allowedDomainName,
  allowedIssuer,
  isDomainName,
  isInZone,
  isIssuerOf,
  knownNameOf,
  mayBeSame,
  placeOf,
} from './domain-rules.ts'

/** @throws Error that names everything about a domain that cannot be deployed, with what is allowed. */
export function refuseImpossibleDomain(scope: Construct, options: DomainOptions, issuer: string | undefined): void {
  const problems = findProblems(scope, options, issuer)
  if (problems.length > 0) throw new Error(['Invalid settings:', ...problems].join('\n  '))
}

function findProblems(
  scope: Construct,
  { name, certificate, hostedZone }: DomainOptions,
  issuer: string | undefined,
): readonly string[] {
  const isKnown = !Token.isUnresolved(name)
  if (isKnown && !isDomainName(name)) return [`domain.name: ${allowedDomainName}, not ${JSON.stringify(name)}`]
  const problems: string[] = []
  const place = placeOfCertificate(certificate)
  if (!mayBeSame(place, Stack.of(scope))) {
    problems.push(`domain.certificate: ${allowedCertificate}, not one in ${place.region} of account ${place.account}`)
  }
  const zoneName = hostedZone && knownNameOf(hostedZone)
  if (zoneName !== undefined && !isInZone(name, zoneName)) {
    problems.push(`domain.hostedZone: a zone that can contain ${name}, not ${zoneName}`)
  }
  if (isKnown && issuer !== undefined && !isIssuerOf(name, issuer)) {
    problems.push(`issuer: ${allowedIssuer}, not ${JSON.stringify(issuer)}`)
  }
  return problems
}

// The construct of an imported certificate knows only the stack that it is in.
function placeOfCertificate({ certificateArn, env }: ICertificate) {
  return Token.isUnresolved(certificateArn) ? env : placeOf(certificateArn)
}
