import type { Resource } from '../../domain/scopes/resources.ts'
import type { Accent, ViewerAddress } from '../../domain/setting-rules.ts'
import * as ranges from '../../domain/setting-rules.ts'
import { flag, integer, issuerUrl, oneOf, optional, text, words } from './environment.ts'

/** `header secretHeader secretHash`, or a dash. */
function viewerAddress(text: string): ViewerAddress | null | undefined {
  if (text === '-') return null
  const [, header, secretHeader, secretHash] = /^([a-z0-9-]+) ([a-z0-9-]+) ([0-9a-f]{64})$/.exec(text) ?? []
  return header && secretHeader && secretHash ? { header, secretHeader, secretHash } : undefined
}

/** `light onLight dark onDark` as #rrggbb, or a dash. */
function accent(text: string): Accent | null | undefined {
  if (text === '-') return null
  if (!/^#[0-9a-f]{6}( #[0-9a-f]{6}){3}$/.test(text)) return undefined
  const [light = '', onLight = '', dark = '', onDark = ''] = text.split(' ')
  return { light, onLight, dark, onDark }
}

/** A JSON list of URLs, or of lists of a URL and the scopes that its tokens may have. */
function resources(text: string): readonly Resource[] | undefined {
  try {
    const entries: readonly unknown[] = JSON.parse(text)
    return entries.map(readResource)
  } catch {
    return undefined
  }
}

function readResource(entry: unknown): Resource {
  const [url, ...scopes]: readonly unknown[] = [entry].flat()
  if (![url, ...scopes].every((text) => typeof text === 'string') || !URL.canParse(String(url))) throw new TypeError()
  return { url: String(url), scopes: Array.isArray(entry) ? scopes.map(String) : undefined }
}

// Groups of variables that several functions read.

/** Of functions that know what tokens can be for, besides the API of the service. */
export const resourceVariables = { RESOURCES: resources }

export const tableVariables = { TABLE_NAME: text }

export const clientVariables = { CLIENTS: words }

/** Whose URLs may be client ids: hosts, or `all`. */
export const clientHostVariables = { CLIENTS_BY_URL: words }

/** Of functions that read the documents of clients by URL: the function that fetches them, or a dash. */
export const documentVariables = { ...clientHostVariables, CLIENT_METADATA_FUNCTION: optional }

export const sessionVariables = {
  SESSION_IDLE_LIMIT: integer(ranges.sessionIdleLimit),
  SESSION_LIMIT: integer(ranges.sessionLimit),
}

/** Of functions that issue access tokens of sessions. `CLAIMS_HOOK` is the owner's function that adds claims, or a dash. */
export const issuingVariables = {
  ...tableVariables,
  ...sessionVariables,
  SIGNING_KEY_ID: text,
  SIGNING_KID: text,
  ISSUER: issuerUrl,
  AUDIENCE: text,
  SCOPES: words,
  ACCESS_TOKEN_LIFETIME: integer(ranges.accessTokenLifetime),
  CLAIMS_HOOK: optional,
}

/** Of functions that read where a request comes from. */
const viewerVariables = { VIEWER_ADDRESS: viewerAddress }

/** Of functions that count attempts by address. */
export const addressVariables = { ADDRESS_FAILURES: integer(ranges.addressFailures), ...viewerVariables }

/** Of functions that tell owners what happened: `MAIL_FUNCTION` is the function that mails, or a dash. */
export const noticeVariables = { MAIL_FUNCTION: optional }

/** Of functions that check passwords. */
export const throttleVariables = { ...addressVariables, ACCOUNT_FAILURES: integer(ranges.accountFailures) }

/** Of functions that check passwords and start sessions. */
export const authenticatingVariables = { ...throttleVariables, SESSIONS_PER_USER: integer(ranges.sessionsPerUser) }

/** Of functions that ask for a second factor. */
export const secondFactorVariables = { SECOND_FACTOR: oneOf(...ranges.secondFactorPolicies) }

/** Of functions that encrypt or decrypt TOTP secrets: `FACTOR_KEY_ID` is a dash where there are no second factors. */
export const totpSecretVariables = { FACTOR_KEY_ID: optional }

/**
 * Of functions that make or verify passkeys, besides the `ISSUER`: `RP_ID` is a dash where it is the issuer's host, and
 * `PASSKEY_ORIGINS` are those besides the issuer's.
 */
export const passkeyVariables = { RP_ID: optional, PASSKEY_ORIGINS: words }

/** Of functions that set passwords. */
export const policyVariables = {
  SERVICE_NAME: text,
  MINIMUM_PASSWORD_LENGTH: integer(ranges.minimumPasswordLength),
}

/** Of functions that show the sign-in page: whether there are pages that it leads to. */
export const signInLinkVariables = { SIGN_UP_PAGE: flag, FORGOT_PAGE: flag }

/** Of functions that show pages: the name of the service stands on each, or its logo. `ACCENT` is a dash where none is set. */
export const pageVariables = { ISSUER: issuerUrl, SERVICE_NAME: text, ACCENT: accent, LOGO: flag }
