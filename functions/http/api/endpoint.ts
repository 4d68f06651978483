import middy, { type MiddlewareObj } from '@middy/core'
import type {
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda'
import { Unavailable } from '../../domain/unavailable.ts'
import { logLine, type WriteLine, writeLine } from '../log.ts'
import { withDeadline } from './deadline.ts'
import { type OAuthError, oauthError, serverError, temporarilyUnavailable } from './oauth-error.ts'
import { type ApiResponse, type Audit, toResult } from './response.ts'
import { toPayload2 } from './rest-event.ts'

export type Handler = (event: APIGatewayProxyEventV2) => Promise<ApiResponse>

/** Makes the response of a fault of ours. */
export type FaultResponse = (
  error: OAuthError,
  audit: Audit,
  event: APIGatewayProxyEventV2,
) => ApiResponse | Promise<ApiResponse>

type Endpoint = (
  event: APIGatewayProxyEvent | APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>

/**
 * Turns a handler of ours into a Lambda handler: each request writes one log line, each fault of ours gets a response.
 */
export function endpoint(
  handler: Handler,
  write: WriteLine = writeLine,
  now: () => number = Date.now,
  faultResponse: FaultResponse = oauthError,
): Endpoint {
  const wrapped = middy<APIGatewayProxyEventV2, unknown>()
    .use(respond(write, now, faultResponse))
    .handler((event: APIGatewayProxyEventV2, context) =>
      withDeadline(handler(event), context.getRemainingTimeInMillis()),
    )
  return (event, context) => wrapped(toPayload2(event), context) as Promise<APIGatewayProxyStructuredResultV2>
}

type Middleware = MiddlewareObj<APIGatewayProxyEventV2, unknown>
type Request = { readonly event: APIGatewayProxyEventV2; readonly context: Context }

function respond(write: WriteLine, now: () => number, faultResponse: FaultResponse): Middleware {
  const log = ({ event, context }: Request, { status, audit }: ApiResponse): void => {
    const { requestId, http } = event.requestContext ?? {}
    const request = { request_id: requestId ?? context.awsRequestId, source_ip: http?.sourceIp, status }
    write(logLine(now(), { ...audit, ...request }))
  }
  return {
    after: (request) => {
      const response = request.response as ApiResponse
      log(request, response)
      request.response = toResult(response)
    },
    onError: async (request) => {
      const { error, audit } = describeError(request.error)
      const response = await faultResponse(error, audit, request.event)
      log(request, response)
      request.response = toResult(response)
    },
  }
}

function describeError(error: unknown): { readonly error: OAuthError; readonly audit: Audit } {
  const isOutage = error instanceof Unavailable
  // A word of ours. Otherwise a cause is what was thrown, whose message may quote the request.
  const cause = isOutage && typeof error.cause === 'string' ? { cause: error.cause } : {}
  const audit = { event: 'sys_crash', outcome: 'failure', ...describeFault(error), ...cause } as const
  return { error: isOutage ? temporarilyUnavailable : serverError, audit }
}

// The name and stack frames only: the message may quote the request.
function describeFault(error: unknown): { reason: string; trace?: readonly string[] } {
  if (!(error instanceof Error)) return { reason: typeof error }
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
  return { reason: error.name, trace: frames.slice(0, 5).map((frame) => frame.trim()) }
}
