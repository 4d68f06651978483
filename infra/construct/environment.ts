import type { Accent } from '../../functions/domain/setting-rules.ts'
import type { Parts } from './function-spec.ts'
import { accentOf } from './look/accent.ts'
import type { Settings } from './settings/settings.ts'

// An empty variable counts as missing, so an empty list is a dash.
export const words = (list: readonly string[]): string => list.join(' ') || '-'

/** For functions that use the table. */
export const tableName = ({ table }: Parts) => ({ TABLE_NAME: table.tableName })

/** For functions that verify access tokens. */
export const verifying = ({ issuer, audience, keys }: Parts) => ({
  ISSUER: issuer,
  AUDIENCE: audience,
  JWKS: keys.jwks,
})

/** For functions that know what tokens can be for, besides the API of the service. */
export const resources = (parts: Parts) => parts.resources.environment

/** For functions that decide about requests of APIs. */
export const authorizing = (parts: Parts) => ({ ...verifying(parts), ...parts.rules.environment })

/** For functions that issue access tokens of sessions. */
export const issuing = (parts: Parts) => ({
  ...tableName(parts),
  SIGNING_KEY_ID: parts.keys.signingKeyId,
  SIGNING_KID: parts.keys.signingKid,
  ISSUER: parts.issuer,
  AUDIENCE: parts.audience,
  SCOPES: words(parts.settings.scopes),
  ACCESS_TOKEN_LIFETIME: String(parts.settings.accessTokenLifetime),
  CLAIMS_HOOK: parts.settings.claims ?? '-',
  ...sessionLimits(parts.settings),
})

/** For functions that know whose URLs may be client ids. */
export const clientHosts = ({ clientsByUrl }: Pick<Settings, 'clientsByUrl'>) => ({
  CLIENTS_BY_URL: words(clientsByUrl),
})

/** For functions that read the documents of clients by URL. */
export const clientDocuments = ({ settings, invoked }: Parts) => ({
  ...clientHosts(settings),
  CLIENT_METADATA_FUNCTION: invoked.clientMetadata?.functionName ?? '-',
})

export const sessionLimits = ({ sessionIdleLimit, sessionLimit }: Settings) => ({
  SESSION_IDLE_LIMIT: String(sessionIdleLimit),
  SESSION_LIMIT: String(sessionLimit),
})

/** For functions that check passwords and start sessions. */
export const authenticating = ({ sessionsPerUser, ...settings }: Settings) => ({
  SESSIONS_PER_USER: String(sessionsPerUser),
  ...throttling(settings),
})

/** For functions that check passwords. */
export const throttling = ({
  accountFailures,
  ...settings
}: Pick<Settings, 'accountFailures' | 'addressFailures' | 'viewerAddress'>) => ({
  ACCOUNT_FAILURES: String(accountFailures),
  ...countingByAddress(settings),
})

/** For functions that count attempts by address. */
export const countingByAddress = ({
  addressFailures,
  ...settings
}: Pick<Settings, 'addressFailures' | 'viewerAddress'>) => ({
  ADDRESS_FAILURES: String(addressFailures),
  ...viewer(settings),
})

/** For functions that read where a request comes from. */
const viewer = ({ viewerAddress: from }: Pick<Settings, 'viewerAddress'>) => ({
  VIEWER_ADDRESS: words(from ? [from.header, from.secretHeader, from.secretHash] : []),
})

/** For functions that set passwords. */
export const passwordPolicy = ({ serviceName, minimumPasswordLength }: Settings) => ({
  SERVICE_NAME: serviceName,
  MINIMUM_PASSWORD_LENGTH: String(minimumPasswordLength),
})

/** For functions that ask for a second factor. */
export const secondFactor = ({ secondFactor }: Pick<Settings, 'secondFactor'>) => ({ SECOND_FACTOR: secondFactor })

/** For functions that encrypt or decrypt TOTP secrets. */
export const totpSecrets = ({ factorKey }: Parts) => ({ FACTOR_KEY_ID: factorKey?.keyId ?? '-' })

/** For functions that make or verify passkeys, and know the issuer. */
export const passkeys = ({ relyingParty: { rpId, origins } }: Parts) => ({
  RP_ID: rpId ?? '-',
  PASSKEY_ORIGINS: words(origins),
})

/** For functions that show pages. */
export const pages = ({ issuer, settings: { serviceName, accentColor, logo } }: Parts) => ({
  ISSUER: issuer,
  SERVICE_NAME: serviceName,
  ACCENT: accentColor === undefined ? '-' : accentText(accentOf(accentColor)),
  LOGO: String(logo !== undefined),
})

const accentText = ({ light, onLight, dark, onDark }: Accent): string => [light, onLight, dark, onDark].join(' ')

/** For functions that show the sign-in page. */
export const signInLinks = ({ selfRegistration, emailFrom }: Pick<Settings, 'selfRegistration' | 'emailFrom'>) => ({
  SIGN_UP_PAGE: String(selfRegistration),
  FORGOT_PAGE: String(emailFrom !== undefined),
})

/** For the function that sends mails. */
export const sendingMail = ({ settings: { emailFrom, emailReplyTo, serviceName }, mail }: Parts) => ({
  MAIL_FROM: emailFrom ?? '-',
  MAIL_REPLY_TO: emailReplyTo ?? '-',
  MAIL_CONFIGURATION_SET: mail?.configurationSetName ?? '-',
  // The name beside the address, and what mails call the service.
  SERVICE_NAME: serviceName,
})

/** For functions that mail through the function that sends. */
export const mailFunction = ({ invoked }: Parts) => ({ MAIL_FUNCTION: invoked.mail?.functionName ?? '-' })
