type Headers = Readonly<Record<string, unknown>>

// RFC 6750 section 2.1 and RFC 9110 section 11.1: the scheme in any case, then one token68.
const bearer = /^bearer +([\w.~+/-]+=*)$/i

/**
 * The token of the one Authorization header; undefined where there is none, more than one, or another scheme.
 * No other place is looked at: a token in a query, cookie or body is never one (RFC 6750 section 2.3).
 */
export function readBearerToken(headers: unknown): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined
  const names = Object.keys(headers).filter((name) => name.toLowerCase() === 'authorization')
  const value = names.length === 1 ? (headers as Headers)[names[0] ?? ''] : undefined
  return typeof value === 'string' ? bearer.exec(value)?.[1] : undefined
}
