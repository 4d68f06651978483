import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { fail, type Result, succeed } from '../domain/result.ts'
import { parseStrictJson } from '../domain/strict-json.ts'

/** The members of a body, of types not yet known. */
export type Body = Readonly<Record<string, unknown>>

export type BodyFailure = { readonly reason: 'unsupported_media_type' | 'body_too_long' | 'malformed_body' }

// The longest name and password with every character escaped come to some 5 KB.
const longestBody = 16_384

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads a JSON object. `application/json` alone, with UTF-8 as its one charset: a form or a plain text could be sent
 * by a foreign page without asking first (SECURITY 11).
 */
export function readJsonBody(event: APIGatewayProxyEventV2): Result<Body, BodyFailure> {
  if (!/^application\/json *(; *charset="?utf-8"? *)?$/i.test(contentType(event)))
    return fail({ reason: 'unsupported_media_type' })
  const text = readText(event)
  return text.ok ? readObject(text.value) : text
}

const contentType = ({ headers }: APIGatewayProxyEventV2): string => headers?.['content-type'] ?? ''

// API Gateway sends a body as base64 whenever it takes its type for binary.
function readText({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): Result<string, BodyFailure> {
  if (body.length > longestBody * 2) return fail({ reason: 'body_too_long' })
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  if (bytes.length > longestBody) return fail({ reason: 'body_too_long' })
  try {
    return succeed(utf8.decode(bytes))
  } catch {
    return fail({ reason: 'malformed_body' })
  }
}

function readObject(text: string): Result<Body, BodyFailure> {
  try {
    const value = parseStrictJson(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? succeed(value as Body) : fail({ reason: 'malformed_body' })
  } catch {
    return fail({ reason: 'malformed_body' })
  }
}
