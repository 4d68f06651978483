import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'

/** What a request leaves in the log: an event of OWASP's logging vocabulary and how it went. Never a secret. */
export type Audit = {
  readonly event: string
  readonly outcome: 'success' | 'failure'
  readonly reason?: string
  readonly sub?: string
  readonly client_id?: string
  readonly sid?: string
  /** A keyed hash of a name that belongs to nobody; it may be a password typed into the wrong field. */
  readonly user_hash?: string
  /** Where a fault was thrown: stack frames without their message. */
  readonly trace?: readonly string[]
}

/** What a handler gives back: an answer for the client and a line for the log. Without a body there is none (204). */
export type Answer = {
  readonly status: number
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
  readonly audit: Audit
}

const standing = {
  // RFC 6749 section 5.1 asks for it on every answer that carries a token; the others lose nothing.
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
}

const json = { 'content-type': 'application/json; charset=utf-8' }

/** The answer in API Gateway's words (payload 2.0). */
export const toResult = ({ status, body, headers }: Answer): APIGatewayProxyStructuredResultV2 => ({
  statusCode: status,
  headers: { ...(body && json), ...standing, ...headers },
  ...(body && { body: JSON.stringify(body) }),
})
