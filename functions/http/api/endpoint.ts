import middy, { type MiddlewareObj } from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import { Unavailable } from '../../domain/unavailable.ts'
import { logLine, type WriteLine, writeLine } from '../log.ts'
import { inTime } from './deadline.ts'
import { oauthError, serverError, temporarilyUnavailable } from './oauth-error.ts'
import { type Answer, toResult } from './response.ts'

export type Handler = (event: APIGatewayProxyEventV2) => Promise<Answer>

type Endpoint = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>

/** Makes a Lambda handler of one that answers: every request leaves one log line, every fault of ours is an answer. */
export function endpoint(handler: Handler, write: WriteLine = writeLine, now: () => number = Date.now): Endpoint {
  const wrapped = middy<APIGatewayProxyEventV2, unknown>()
    .use(answering(write, now))
    .handler((event: APIGatewayProxyEventV2, context) => inTime(handler(event), context.getRemainingTimeInMillis()))
  return (event, context) => wrapped(event, context) as Promise<APIGatewayProxyStructuredResultV2>
}

type Middleware = MiddlewareObj<APIGatewayProxyEventV2, unknown>
type Request = { readonly event: APIGatewayProxyEventV2; readonly context: Context }

function answering(write: WriteLine, now: () => number): Middleware {
  const log = ({ event, context }: Request, { status, audit }: Answer): void => {
    const { requestId, http } = event.requestContext ?? {}
    const request = { request_id: requestId ?? context.awsRequestId, source_ip: http?.sourceIp, status }
    write(logLine(now(), { ...audit, ...request }))
  }
  return {
    after: (request) => {
      const answer = request.response as Answer
      log(request, answer)
      request.response = toResult(answer)
    },
    onError: (request) => {
      const answer = faultAnswer(request.error)
      log(request, answer)
      request.response = toResult(answer)
    },
  }
}

function faultAnswer(error: unknown): Answer {
  const kind = error instanceof Unavailable ? temporarilyUnavailable : serverError
  return oauthError(kind, { event: 'sys_crash', outcome: 'failure', ...describeFault(error) })
}

// Its name and where it was thrown, never its message: that may quote what a request held.
function describeFault(error: unknown): { reason: string; trace?: readonly string[] } {
  if (!(error instanceof Error)) return { reason: typeof error }
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
  return { reason: error.name, trace: frames.slice(0, 5).map((frame) => frame.trim()) }
}
