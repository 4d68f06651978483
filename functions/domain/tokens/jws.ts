import { parseStrictJson } from './strict-json.ts'

/** The maximum length of a token, in characters. */
const maxTokenLength = 8192

// RFC 7515 section 7.1. Each part must be the canonical base64url of its bytes: without padding, and with zeros in the
// unused bits of the last character. Otherwise one token could be written in many ways.
const part = '(?=[^.])(?:[\\w-]{4})*(?:[\\w-][AQgw]|[\\w-]{2}[AEIMQUYcgkosw048])?'
const compactForm = new RegExp(`^${part}\\.${part}\\.${part}$`)

/** Whether a value is a JWS in compact form, canonically encoded, of at most 8,192 characters. */
export const isCompactJws = (token: unknown): token is string =>
  typeof token === 'string' && token.length <= maxTokenLength && compactForm.test(token)

// A byte order mark is kept, which makes the text invalid JSON: not every reader skips one (RFC 8259 section 8.1).
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A JWS taken apart: header and payload still encoded, the bytes that were signed, and the signature. */
type CompactJws = {
  readonly header: string
  readonly payload: string
  readonly signingInput: Uint8Array
  readonly signature: Uint8Array
}

/** Undefined for what is not a JWS in compact form. */
export function splitCompactJws(token: unknown): CompactJws | undefined {
  if (!isCompactJws(token)) return undefined
  const [first, second] = [token.indexOf('.'), token.lastIndexOf('.')]
  return {
    header: token.slice(0, first),
    payload: token.slice(first + 1, second),
    signingInput: Buffer.from(token.slice(0, second), 'latin1'),
    signature: Buffer.from(token.slice(second + 1), 'base64url'),
  }
}

/** The JSON object in a part; undefined for anything else, duplicate keys or invalid UTF-8. */
export function readJsonPart(encoded: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = parseStrictJson(utf8.decode(Buffer.from(encoded, 'base64url')))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

export const encodePart = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
