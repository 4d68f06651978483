import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'

/** What a request writes to the log: an event of OWASP's logging vocabulary and its outcome. Never a secret. */
export type Audit = {
  readonly event: string
  readonly outcome: 'success' | 'failure'
  readonly reason?: string
  readonly sub?: string
  readonly client_id?: string
  readonly sid?: string
  /** A keyed hash of an unknown name, which may be a password typed into the wrong field. */
  readonly user_hash?: string
  /** What was done was to be told by mail, and nobody took the mail. */
  readonly notice?: 'lost'
  /** What did not answer as it should, where that is a function of the owner's. */
  readonly cause?: string
  /** Where a fault was thrown: stack frames without the message. */
  readonly trace?: readonly string[]
}

/** What a handler returns: a response for the client and a line for the log. `body` is absent for 204, `page` is HTML in its place. */
export type ApiResponse = {
  readonly status: number
  readonly body?: object
  readonly page?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: readonly string[]
  readonly audit: Audit
}

const commonHeaders = {
  // RFC 6749 section 5.1 requires it on every response with a token; it does no harm on the others.
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
}

const json = { 'content-type': 'application/json; charset=utf-8' }

/** The response in API Gateway's format (payload 2.0). */
export const toResult = ({ status, body, page, headers, cookies }: ApiResponse): APIGatewayProxyStructuredResultV2 => ({
  statusCode: status,
  headers: { ...(body && json), ...commonHeaders, ...headers },
  ...(body && { body: JSON.stringify(body) }),
  ...(page && { body: page }),
  ...(cookies && { cookies: [...cookies] }),
})
