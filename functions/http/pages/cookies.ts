import type { APIGatewayProxyEventV2 } from 'aws-lambda'

/** Our cookies. `sso` holds the session of a browser, `flow` what binds the pages of a sign-in to it. */
type CookieName = 'sso' | 'flow'

export type Cookies = {
  readonly read: (event: APIGatewayProxyEventV2, name: CookieName) => string | undefined
  /** `maxAge` in seconds; without it the browser forgets the cookie when it is closed. */
  readonly set: (name: CookieName, value: string, maxAge?: number) => string
  readonly clear: (name: CookieName) => string
}

const valueForm = /^[\w-]{43}$/

/**
 * The cookies of an issuer. `__Host-` means that no other host can have set them (RFC 6265bis section 4.1.3.2), so that
 * nobody's session is pushed on a browser from a neighbouring subdomain. On localhost, which has no TLS and many services, the
 * port is part of the name. `Lax`, because a sign-in begins with a link of another site.
 */
export function createCookies(issuer: string): Cookies {
  const { protocol, port } = new URL(issuer)
  const isSecure = protocol === 'https:'
  const suffix = isSecure ? '' : `-${port || '80'}`
  const prefix = isSecure ? '__Host-latchkey' : 'latchkey'
  const names: Readonly<Record<CookieName, string>> = { sso: `${prefix}${suffix}`, flow: `${prefix}-flow${suffix}` }
  const attributes = `; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
  const set: Cookies['set'] = (name, value, maxAge) =>
    `${names[name]}=${value}${attributes}${maxAge === undefined ? '' : `; Max-Age=${Math.floor(maxAge)}`}`
  return {
    read: (event, name) => soleValue(event, names[name]),
    set,
    clear: (name) => set(name, '', 0),
  }
}

// Of two cookies of one name only the browser knows which is whose.
function soleValue({ cookies, headers }: APIGatewayProxyEventV2, name: string): string | undefined {
  const sent = cookies ?? (headers?.['cookie'] ?? '').split(';')
  const values = sent
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie.startsWith(`${name}=`))
    .map((cookie) => cookie.slice(name.length + 1))
  const [value] = values
  return values.length === 1 && value !== undefined && valueForm.test(value) ? value : undefined
}
