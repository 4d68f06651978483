import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { fail, type Result, succeed } from '../../domain/result.ts'
import { parseStrictJson } from '../../domain/tokens/strict-json.ts'

/** The members of a body, of types not yet known. */
export type Body = Readonly<Record<string, unknown>>

export type BodyFailure = { readonly reason: 'unsupported_media_type' | 'body_too_long' | 'malformed_body' }

// The longest name and password with every character escaped come to some 5 KB.
const longestBody = 16_384

/**
 * Reads a JSON object. `application/json` alone, with UTF-8 as its one charset: a form or a plain text could be sent
 * by a foreign page without asking first (REQ-11).
 */
export function readJsonBody(event: APIGatewayProxyEventV2): Result<Body, BodyFailure> {
  return isOfType(event, 'application/json') ? readBody(event, readObject) : fail({ reason: 'unsupported_media_type' })
}

/** Whether a body says that it is of this type, in UTF-8. */
export const isOfType = ({ headers }: APIGatewayProxyEventV2, type: string): boolean => {
  // Not split at / *; */, which takes a second for a header of spaces: at each it looks for the semicolon anew.
  const [said, ...parameters] = (headers?.['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  return said === type && parameters.every((parameter) => /^charset="?utf-8"?$/.test(parameter))
}

/** What `read` makes of a body's text. It throws for a text that it cannot read. */
export function readBody(
  { body = '', isBase64Encoded }: APIGatewayProxyEventV2,
  read: (text: string) => Body,
): Result<Body, BodyFailure> {
  // API Gateway sends a body as base64 whenever it takes its type for binary, as it does with forms.
  if (body.length > longestBody * 2) return fail({ reason: 'body_too_long' })
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  if (bytes.length > longestBody) return fail({ reason: 'body_too_long' })
  const text = bytes.toString()
  // What was no UTF-8 is this one character by now, made here or by API Gateway, and of two passwords one.
  if (text.includes('\ufffd')) return fail({ reason: 'malformed_body' })
  try {
    return succeed(read(text))
  } catch {
    return fail({ reason: 'malformed_body' })
  }
}

function readObject(text: string): Body {
  const value = parseStrictJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SyntaxError('Not an object.')
  return value as Body
}

/** A member that is the body's own and a text, as `read` takes it; `absent` where there is no such member. */
export function readMember<T>(
  body: Body,
  name: string,
  read: (text: string) => T | undefined,
  absent?: T,
): T | undefined {
  if (!Object.hasOwn(body, name)) return absent
  const value = body[name]
  return typeof value === 'string' ? read(value) : undefined
}
