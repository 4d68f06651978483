import type { Invocation, Invoke, Log } from '../lambda/lambda.ts'
import { addCorsHeaders, answerPreflight, explainRefusal } from './cors.ts'
import { type Answer, internalServerError, message } from './gateway-answer.ts'
import type { HttpApi, Route } from './http-api.ts'
import { createAuthorize, type Verdict } from './http-authorizer.ts'
import { createJwtAuthorize, type ReadDocument } from './jwt-authorizer.ts'
import { callerArn } from './permissions.ts'
import { readProxyAnswer } from './proxy-answer.ts'
import { createProxyEvent, type GatewayRequest, type ProxyEvent } from './proxy-event.ts'
import { createRouter, type RouteMatch } from './routes.ts'
import { createThrottle } from './throttle.ts'

export type GatewayOptions = {
  readonly api: HttpApi
  readonly invoke: Invoke
  /** Seconds, with their fraction. */
  readonly clock: () => number
  readonly log: Log
  /** Milliseconds that an authorizer may take; AWS gives it ten seconds. */
  readonly authorizerLimit?: number
  /** Answers what this or another API of the stack is asked for its keys. @default this API */
  readonly answerIssuer?: (url: URL, request: GatewayRequest) => Promise<Answer>
}

export type AnswerRequest = (request: GatewayRequest) => Promise<Answer>

/** A stage of an HTTP API as API Gateway runs it: route, throttle, authorizer, function. */
export function createGateway(options: GatewayOptions): AnswerRequest {
  const { api, invoke, clock, log, authorizerLimit = 10_000 } = options
  const { answerIssuer = (_: URL, request: GatewayRequest) => answerRequest(request) } = options
  const findRoute = createRouter(api.routes)
  const admit = createThrottle(clock)
  const call = async (functionArn: string, event: object, limit: number): Promise<Invocation | 'late'> => {
    const invocation = await within(limit, invoke(functionArn, JSON.stringify(event)))
    if (invocation === 'late')
      log(
        'gateway',
        `${functionArn.slice(functionArn.lastIndexOf(':') + 1)} has not answered within ${limit / 1000} seconds.`,
      )
    return invocation
  }
  const authorize = createAuthorize((functionArn, event) => call(functionArn, event, authorizerLimit), clock)

  const authorizeJwt = createJwtAuthorize((url) => readOwn(new URL(url), answerIssuer), clock)

  const judge = async ({ authorizer, jwtAuthorizer }: Route, event: ProxyEvent): Promise<Verdict | undefined> => {
    const { method, path } = event.requestContext.http
    if (jwtAuthorizer) return authorizeJwt(jwtAuthorizer, event)
    const inStage = api.stage === '$default' ? path : path.slice(api.stage.length + 1)
    return authorizer && authorize(authorizer, event, callerArn(api.id, `${method} ${inStage}`, api.place, api.stage))
  }

  const pass = async (route: Route, event: ProxyEvent): Promise<Answer> => {
    const verdict = await judge(route, event)
    if (verdict && !verdict.allowed) return verdict.answer
    if (route.unserved !== undefined) return message(501, `Not served on localhost: ${route.unserved}`)
    const requestContext = { ...event.requestContext, ...(verdict && { authorizer: verdict.identity }) }
    const invocation = await call(route.functionArn, { ...event, requestContext }, route.timeout)
    return invocation === 'late' ? message(503, 'Service Unavailable') : readProxyAnswer(invocation)
  }

  const serve = async (match: RouteMatch<Route>, request: GatewayRequest): Promise<Answer> => {
    if (!admit(match.route.key, match.route.limit)) return message(429, 'Too Many Requests')
    return pass(match.route, createProxyEvent(request, match, api, clock()))
  }

  const answerRequest: AnswerRequest = async (request) => {
    const match = findRoute(request.method, pathIn(api.stage, request.path))
    // A route that takes OPTIONS, as ANY and $default do, goes before API Gateway's own answer to a preflight.
    if (!match && api.cors && request.method === 'OPTIONS') {
      const refusal = explainRefusal(api.cors, request.headers)
      if (refusal) log('gateway', `Preflight for ${request.path} refused: ${refusal}`)
      return answerPreflight(api.cors, request.headers)
    }
    const answer = match
      ? await serve(match, request).catch((error) => answerFailure(error, log))
      : message(404, 'Not Found')
    return api.cors ? addCorsHeaders(api.cors, request.headers, answer) : answer
  }
  return answerRequest
}

const pathIn = (stage: string, path: string): string =>
  stage === '$default' ? path : path.slice(stage.length + 1) || '/'

// The issuer is an API of this stack (anything else is refused at the start), so nothing is asked over the network.
async function readOwn(url: URL, answerIssuer: NonNullable<GatewayOptions['answerIssuer']>): ReturnType<ReadDocument> {
  const asked = { id: 'discovery', method: 'GET', path: url.pathname, query: '', body: Buffer.alloc(0) }
  const { status, body } = await answerIssuer(url, {
    ...asked,
    headers: { host: url.host },
    sourceIp: '127.0.0.1',
    port: Number(url.port),
  })
  if (status !== 200) throw new Error(`The issuer answers ${status} at ${url}.`)
  return JSON.parse(body.toString())
}

function answerFailure(error: unknown, log: Log): Answer {
  if (error instanceof Error && error.name === 'RequestTooLargeException') {
    return message(413, 'Request Entity Too Large')
  }
  log('gateway', error instanceof Error ? error.message : String(error))
  return internalServerError()
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, milliseconds, 'late')
  })
  return Promise.race([work, deadline]).finally(() => clearTimeout(timer))
}
