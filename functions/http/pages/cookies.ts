import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { BegunSso } from '../../domain/sessions/sso-session.ts'
import type { LoggedIn } from '../../domain/sign-in/complete-log-in.ts'
import { deviceLifetime } from '../../domain/throttling/known-devices.ts'

/**
 * Our cookies. `sso` holds the session of a browser, `flow` what binds the pages of a sign-in to it, `device` what the device
 * is known by, and `language` that of its pages. `signUp`, `forgot` and `email` hold the ticket of a code that was mailed.
 */
type CookieName = 'sso' | 'flow' | 'device' | 'language' | TicketCookie

type TicketCookie = 'signUp' | 'forgot' | 'email'

const suffixes: Readonly<Record<CookieName, string>> = {
  sso: '',
  flow: '-flow',
  device: '-device',
  language: '-language',
  signUp: '-sign-up',
  forgot: '-forgot',
  email: '-email',
}

export type Cookies = {
  readonly read: (event: APIGatewayProxyEventV2, name: CookieName) => string | undefined
  /** `maxAge` in seconds; without it the browser forgets the cookie when it is closed. */
  readonly set: (name: CookieName, value: string, maxAge?: number) => string
  readonly clear: (name: CookieName) => string
}

// 48 bytes in base64url, a language, and 32 bytes.
const formOf = (name: CookieName): RegExp => {
  if (name === 'sso') return /^[\w-]{64}$/
  return name === 'language' ? /^[a-z]{2}$/ : /^[\w-]{43}$/
}

/**
 * The cookies of an issuer. `__Host-` means that no other host can have set them (RFC 6265bis section 4.1.3.2), so that
 * nobody's session is pushed on a browser from a neighbouring subdomain. On localhost, which has no TLS and many services, the
 * port is part of the name. `Lax`, because a sign-in begins with a link of another site.
 */
export function createCookies(issuer: string): Cookies {
  const { protocol, port } = new URL(issuer)
  const isSecure = protocol === 'https:'
  const prefix = isSecure ? '__Host-latchkey' : 'latchkey'
  const nameOf = (name: CookieName) => `${prefix}${suffixes[name]}${isSecure ? '' : `-${port || '80'}`}`
  const attributes = `; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
  const set: Cookies['set'] = (name, value, maxAge) =>
    `${nameOf(name)}=${value}${attributes}${maxAge === undefined ? '' : `; Max-Age=${Math.floor(maxAge)}`}`
  return {
    read: (event, name) => soleValue(event, nameOf(name), formOf(name)),
    set,
    clear: (name) => set(name, '', 0),
  }
}

/** What a browser gets when somebody has signed in in it. */
export const signInCookies = (
  cookies: Cookies,
  { started, deviceToken }: Pick<LoggedIn<BegunSso>, 'started' | 'deviceToken'>,
): readonly string[] => [
  cookies.set('sso', started.token, started.maxAge),
  ...(deviceToken === undefined ? [] : [cookies.set('device', deviceToken, deviceLifetime)]),
]

// Of two cookies of one name only the browser knows which is whose.
function soleValue({ cookies, headers }: APIGatewayProxyEventV2, name: string, form: RegExp): string | undefined {
  const sent = cookies ?? (headers?.['cookie'] ?? '').split(';')
  const values = sent
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie.startsWith(`${name}=`))
    .map((cookie) => cookie.slice(name.length + 1))
  const [value] = values
  return values.length === 1 && value !== undefined && form.test(value) ? value : undefined
}
