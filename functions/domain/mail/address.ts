const maxBytes = 254
const maxLocalBytes = 64

// RFC 5322 section 3.2.3, dot-atom: no quotes, comments, spaces or control characters, and no non-ASCII, which SES would
// need SMTPUTF8 for. Of the characters that it allows, `%` and `!` are left out, because old relays read routes in them,
// and `?`, because software that decodes encoded words everywhere (RFC 2047) reads another address in `=?utf-8?q?…?=`.
const local = /^[a-z0-9#$&'*+/=^_`{|}~-]+(?:\.[a-z0-9#$&'*+/=^_`{|}~-]+)*$/

// RFC 1035 section 2.3.4 and RFC 1123 section 2.1; at least two labels, the last not a number, as in an IP address.
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const domain = new RegExp(`^(?:${label}\\.)+(?!\\d+$)${label}$`)

/**
 * Whether mail may be sent to a canonical identifier. It is narrower than what an identifier may be: one `@`, a plain
 * local part, a public domain in ASCII, at most 254 bytes (RFC 5321 section 4.5.3.1.3, less the angle brackets).
 */
export function isMailAddress(identifier: string): boolean {
  if (identifier.length > maxBytes) return false
  const [before = '', after = '', ...more] = identifier.split('@')
  return more.length === 0 && before.length <= maxLocalBytes && local.test(before) && domain.test(after)
}
