import { parseStrictJson } from './strict-json.ts'

/** The longest token that is looked at, in characters. */
const longestToken = 8192

// RFC 7515 section 7.1. Each part in the one spelling that its bytes have: no padding, and the bits that the last
// character has to spare are zero; else one token could be written in many ways.
const part = '(?=[^.])(?:[\\w-]{4})*(?:[\\w-][AQgw]|[\\w-]{2}[AEIMQUYcgkosw048])?'
const compactForm = new RegExp(`^${part}\\.${part}\\.${part}$`)

/** Whether a value is a JWS in compact form, canonically written, of a length worth reading. */
export const isCompactJws = (token: unknown): token is string =>
  typeof token === 'string' && token.length <= longestToken && compactForm.test(token)

// A byte-order mark is kept, and so is no JSON: not every reader looks past one (RFC 8259 section 8.1).
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The JSON object in a part; undefined for what is no object, repeats a name or is no UTF-8. */
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
