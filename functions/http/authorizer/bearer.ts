import { soleValue } from './sole-value.ts'

const maxHeaderLength = 10_240

// RFC 6750 section 2.1 and RFC 9110 section 11.1: the scheme in any case, then one token68.
const bearer = /^bearer +([\w.~+/-]+=*)$/i

/**
 * The token of the Authorization header; undefined for no header, more than one, or another scheme. Tokens in a query,
 * cookie or body are never read (RFC 6750 section 2.3).
 */
export function readBearerToken(headers: unknown, multiValueHeaders?: unknown): string | undefined {
  const header = soleValue('authorization', headers, multiValueHeaders) ?? ''
  // More than API Gateway lets through. An expression may run out of stack on megabytes.
  return header.length > maxHeaderLength ? undefined : bearer.exec(header)?.[1]
}
