import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { fail, type Result, succeed } from '../../domain/result.ts'
import { parseStrictJson } from '../../domain/tokens/strict-json.ts'

/** The members of a body, not yet checked. */
export type Body = Readonly<Record<string, unknown>>

export type BodyFailure = {
  readonly reason: 'unsupported_media_type' | 'compressed_body' | 'body_too_long' | 'malformed_body'
}

// The longest name and password, with every character escaped, take about 5 KB.
const maxBodyBytes = 16_384

/**
 * Reads a JSON object. Only `application/json` in UTF-8: a page of another origin could send a form or plain text without
 * a CORS preflight (REQ-11).
 */
export function readJsonBody(event: APIGatewayProxyEventV2): Result<Body, BodyFailure> {
  return isOfType(event, 'application/json') ? readBody(event, readObject) : fail({ reason: 'unsupported_media_type' })
}

/** Whether Content-Type names this type, in UTF-8 or its subset ASCII. An empty parameter counts as none. */
export const isOfType = ({ headers }: APIGatewayProxyEventV2, type: string): boolean => {
  // Not split at / *; */: on a header of spaces that is quadratic and takes a second.
  const [said, ...parameters] = (headers?.['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  return said === type && parameters.every((parameter) => /^(charset="?(utf-?8|us-ascii)"?)?$/.test(parameter))
}

const byteOrderMark = '\ufeff'

/** The body as `read` parses it, without a byte order mark; `read` throws on text that it cannot parse. */
export function readBody<T>(
  { body = '', isBase64Encoded, headers }: APIGatewayProxyEventV2,
  read: (text: string) => T,
): Result<T, BodyFailure> {
  if (!/^(identity)?$/i.test(headers?.['content-encoding'] ?? '')) return fail({ reason: 'compressed_body' })
  // API Gateway sends a body as base64 when it considers the type binary, as it does with forms.
  if (body.length > maxBodyBytes * 2) return fail({ reason: 'body_too_long' })
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  if (bytes.length > maxBodyBytes) return fail({ reason: 'body_too_long' })
  const text = bytes.toString()
  // Invalid UTF-8 has become U+FFFD by now, here or in API Gateway, so that different passwords would look the same.
  if (text.includes('\ufffd')) return fail({ reason: 'malformed_body' })
  try {
    return succeed(read(text.startsWith(byteOrderMark) ? text.slice(1) : text))
  } catch {
    return fail({ reason: 'malformed_body' })
  }
}

// A member that is null counts as absent.
function readObject(text: string): Body {
  const value = parseStrictJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SyntaxError('Not an object.')
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
}

/** A string member of the body, as `read` parses it; `absent` where there is no such member. */
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

/** A string member of the body as it was sent. */
export const readString = (body: Body, name: string): string | undefined => readMember(body, name, (text) => text)

/** Whether a member is a string or was left out. */
export const isOptionalString = (value: unknown): value is string | undefined =>
  value === undefined || typeof value === 'string'
