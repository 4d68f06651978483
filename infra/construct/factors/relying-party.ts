import { Annotations, Token } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import type { Settings } from '../settings/settings.ts'
import { isAwsHost, isLocalOrigin, mayUse } from './rp-id-rules.ts'

/** Whose passkeys they are. */
export type RelyingParty = {
  /** Undefined where it is the host of the issuer. */
  readonly rpId: string | undefined
  /** The origins of the pages that may use them, besides the issuer's. */
  readonly origins: readonly string[]
}

type Asked = Pick<Settings, 'rpId' | 'passkeyOrigins' | 'issuer'> & { readonly domainName: string | undefined }

/** @throws Error that names every setting by which no passkey could work, with what is allowed. */
export function createRelyingParty({ rpId, passkeyOrigins, ...place }: Asked): RelyingParty {
  const problems = [...rpIdProblems({ rpId, passkeyOrigins, ...place }), ...originProblems(rpId, passkeyOrigins, place)]
  if (problems.length > 0) throw new Error(['Invalid settings:', ...problems].join('\n  '))
  const { domainName, issuer } = place
  // While a live stack moves to its domain, pages are at both addresses.
  const address = domainName !== undefined && issuer !== undefined ? [`https://${domainName}`] : []
  return { rpId: rpId ?? domainName, origins: [...new Set([...address, ...passkeyOrigins])] }
}

type Place = Pick<Asked, 'issuer' | 'domainName'>

// A name that CloudFormation produces at deploy cannot be compared.
const isKnownLater = ({ domainName, issuer }: Place): boolean => Token.isUnresolved(domainName ?? issuer)

/** The host of the pages of ours; undefined where only the deployment knows it. */
function hostOf(place: Place): string | undefined {
  if (isKnownLater(place)) return undefined
  return place.domainName ?? (place.issuer === undefined ? undefined : new URL(place.issuer).hostname)
}

function rpIdProblems({ rpId, passkeyOrigins, ...place }: Asked): readonly string[] {
  if (rpId === undefined || isKnownLater(place)) return []
  const host = hostOf(place)
  if (host !== undefined && mayUse(host, rpId)) return []
  if (host !== undefined && !isAwsHost(host)) return [`rpId: ${host} or a domain above it, not ${JSON.stringify(rpId)}`]
  if (passkeyOrigins.length > 0 || isAwsHost(rpId)) return []
  return [`rpId: only with a domain or with passkeyOrigins, because no page of ${rpId} is known`]
}

function originProblems(rpId: string | undefined, origins: readonly string[], place: Place): readonly string[] {
  const id = rpId ?? hostOf(place)
  if (id === undefined && isKnownLater(place)) return []
  const foreign = origins.filter((origin) => (id ? !mayUse(new URL(origin).hostname, id) : !isLocalOrigin(origin)))
  const allowed = id
    ? `origins whose host is ${id} or below it`
    : 'with a domain or an rpId to which they belong; without either only http://localhost:PORT, for npm start'
  return foreign.length > 0 ? [`passkeyOrigins: ${allowed}, not ${foreign.join(' ')}`] : []
}

/** Warns at synth where passkeys are meant to last and the name that they are bound to is not the owner's. */
export function warnIfPasskeysAreStuck(scope: Construct, { rpId, ...place }: Omit<Asked, 'passkeyOrigins'>): void {
  const id = rpId ?? hostOf(place)
  if (id === undefined ? isKnownLater(place) : !isAwsHost(id)) return
  Annotations.of(scope).addWarningV2(
    'latchkey:passkeyHost',
    "Passkeys are bound to API Gateway's own address: they belong to this one API forever and are lost with it. Give it a " +
      'domain before the first passkey (docs/domain.md).',
  )
}
