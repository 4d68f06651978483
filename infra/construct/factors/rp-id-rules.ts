import { isDomainName } from '../domain/domain-rules.ts'

// Browsers refuse a public suffix (publicsuffix.org) as an RP ID. Of the list, these are the ones that someone may try: the
// domains under which AWS gives each API, function or distribution a host, and second levels such as co.uk.
const awsDomain = /(^|\.)(amazonaws\.com(\.cn)?|on\.aws|cloudfront\.net)$/
const awsHost =
  /^[a-z0-9]+\.(execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?|lambda-url\.[a-z0-9-]+\.on\.aws|cloudfront\.net)$/
const secondLevel = /^(ac|co|com|edu|gov|net|org)\.[a-z]{2}$/

/** Whether AWS owns the domain of a host, so that nobody can take the name along. */
export const isAwsHost = (host: string): boolean => awsDomain.test(host)

/** What a browser takes as an RP ID: a host or a registrable domain above it, no IP address and no public suffix. */
export const isRpId = (name: string): boolean =>
  isDomainName(name) && !secondLevel.test(name) && (!isAwsHost(name) || awsHost.test(name))

export const allowedRpId =
  'a domain name such as example.com, in lower case, without scheme or port, no public suffix such as co.uk'

/** Where a page may ask for passkeys: browsers take https, and http only from this machine by its name. */
export function isPasskeyOrigin(value: string): boolean {
  const url = URL.parse(value)
  if (url === null || url.origin !== value) return false
  return isLocal(url) || (url.protocol === 'https:' && isDomainName(url.hostname))
}

/** Whether an origin is a server on the developer's machine. */
export const isLocalOrigin = (origin: string): boolean => isLocal(new URL(origin))

const isLocal = ({ protocol, hostname }: URL): boolean => hostname === 'localhost' && /^https?:$/.test(protocol)

export const allowedPasskeyOrigins =
  'different origins such as https://app.example.com, or http://localhost:5173 for npm start, without path or IP address'

/** Whether a page on a host may use passkeys of an RP ID (WebAuthn level 3, section 5.1.2: equal or a registrable suffix). */
export const mayUse = (host: string, rpId: string): boolean => host === rpId || host.endsWith(`.${rpId}`)
