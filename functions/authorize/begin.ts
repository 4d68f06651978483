import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Acr } from '../domain/authentication.ts'
import { type Client, displayName, type FindClient } from '../domain/clients/client.ts'
import type { Clock } from '../domain/clock.ts'
import {
  type AuthorizationError,
  type AuthorizationRequest,
  type RequestParameters,
  readAuthorizationRequest,
  readTarget,
  type UnredirectableFailure,
} from '../domain/oauth/authorization-request.ts'
import type { ContinueFlow, FindSignedIn, FlowStep } from '../domain/oauth/continue-flow.ts'
import type { Flow, Flows } from '../domain/oauth/flow.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import type { SsoSessions } from '../domain/sessions/sso-session.ts'
import type { ReadIdTokenHint } from '../domain/tokens/id-token.ts'
import type { Handler } from '../http/api/endpoint.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import { authorizationResponse } from '../http/pages/authorization-response.ts'
import type { Cookies } from '../http/pages/cookies.ts'
import { errorPage } from '../http/pages/error-page.ts'
import { type FlowContext, flowResponse } from '../http/pages/flow-response.ts'
import { rawQueryOf, readRequestParameters } from '../http/pages/query.ts'
import { type SignInContext, signInPage } from '../http/pages/sign-in-page.ts'

export type BeginDependencies = {
  readonly context: FlowContext & SignInContext
  readonly cookies: Cookies
  readonly findClient: FindClient
  readonly flows: Pick<Flows, 'open'>
  readonly sso: Pick<SsoSessions, 'find'>
  readonly findSignedIn: FindSignedIn
  readonly continueFlow: ContinueFlow
  readonly readIdTokenHint: ReadIdTokenHint
  readonly newBrowserToken: () => string
  readonly clock: Clock
  /** What access tokens are for. */
  readonly audience: string
  /** What an account can prove at most. */
  readonly reachable: Acr
}

/** GET /authorize: to the sign-in page, or back to the client at once where there is nothing to ask. */
export function createBegin(dependencies: BeginDependencies): Handler {
  const { context, cookies, sso, findSignedIn, continueFlow, clock, reachable } = dependencies
  return async (event) => {
    const read = await readFlow(event, dependencies)
    if (!read.ok) return read.failure

    const session = await sso.find(cookies.read(event, 'sso'))
    const flow = { ...read.value, formerSso: session?.id }
    const signedIn = await findSignedIn(session)
    const step = await continueFlow({ flow: { ...flow, createdAt: clock() }, signedIn, reachable })

    const audit = auditOf(step, flow.client.id, signedIn?.account.sub)
    if (step.kind === 'code') return authorizationResponse(context, flow.request, step, audit)
    if (step.kind === 'error') return authorizationResponse(context, flow.request, step.error, audit)
    return openPage(event, flow, step, audit, dependencies)
  }
}

const auditOf = (step: FlowStep, clientId: string, sub: string | undefined): Audit => ({
  event: 'authorization',
  outcome: step.kind === 'error' ? 'failure' : 'success',
  reason: step.kind === 'error' ? step.error.error : step.kind,
  client_id: clientId,
  ...(sub !== undefined && { sub }),
})

type NewFlow = Omit<Flow, 'createdAt' | 'browser'>

/** The sign-in page itself, which saves the browser a request; others have an address of their own. */
async function openPage(
  event: APIGatewayProxyEventV2,
  flow: NewFlow,
  step: FlowStep,
  audit: Audit,
  { context, cookies, flows, newBrowserToken }: BeginDependencies,
): Promise<ApiResponse> {
  const browser = cookies.read(event, 'flow') ?? newBrowserToken()
  const opened = await flows.open(flow, browser)
  const set = [cookies.set('flow', browser)]
  if (step.kind !== 'sign_in') return flowResponse(context, opened, step, audit, set)
  const signIn = {
    flow: opened.token,
    client: displayName(flow.client),
    username: flow.request.loginHint?.slice(0, 256),
  }
  return signInPage(context, signIn, { cookies: set, audit })
}

type Read = Pick<Flow, 'request' | 'client' | 'expectedSub'>

async function readFlow(
  event: APIGatewayProxyEventV2,
  { context, findClient, readIdTokenHint, audience }: BeginDependencies,
): Promise<Result<Read, ApiResponse>> {
  const parameters = readRequestParameters(rawQueryOf(event))
  if (!parameters) return fail(unredirectable(context, { reason: 'malformed_query' }))
  const client = await findNamed(parameters, findClient)
  const target = readTarget(parameters, client)
  if (!target.ok) return fail(unredirectable(context, target.failure))
  const refuse = (error: AuthorizationError) => {
    const { id } = target.value.client
    const audit = { event: 'authorization', outcome: 'failure', reason: error.error, client_id: id } as const
    return fail(authorizationResponse(context, target.value, error, audit))
  }
  const request = readAuthorizationRequest(parameters, target.value, audience)
  if (!request.ok) return refuse(request.failure)
  const hint = readHint(request.value, readIdTokenHint)
  if (!hint.ok) return refuse(hint.failure)
  const { id, name, registration, isFirstParty, authMethod } = target.value.client
  return succeed({
    request: request.value,
    client: { id, name, registration, isFirstParty, authMethod },
    ...hint.value,
  })
}

const findNamed = async (
  { values, repeated }: RequestParameters,
  findClient: FindClient,
): Promise<Client | undefined> => {
  const id = values.get('client_id')
  return id === undefined || repeated.has('client_id') ? undefined : findClient(id)
}

function readHint(
  { idTokenHint, clientId }: AuthorizationRequest,
  read: ReadIdTokenHint,
): Result<Pick<Flow, 'expectedSub'>, AuthorizationError> {
  if (idTokenHint === undefined) return succeed({})
  const hint = read(idTokenHint)
  return hint?.clientId === clientId
    ? succeed({ expectedSub: hint.sub })
    : fail({ error: 'invalid_request', description: 'id_token_hint is not an ID token of this client.' })
}

type Unredirectable = UnredirectableFailure | { readonly reason: 'malformed_query' }

/** The person is told what they can do, the log says to the developer what is wrong. */
function unredirectable(context: FlowContext, failure: Unredirectable): ApiResponse {
  const { badRequest: title, badRequestText: text } = context.texts
  const audit = { event: 'authorization', outcome: 'failure', reason: failure.reason } as const
  return errorPage(context, { status: 400, title, text, detail: detailOf(context, failure) }, audit)
}

function detailOf({ texts }: FlowContext, { reason }: Unredirectable): string | undefined {
  switch (reason) {
    case 'missing_client':
    case 'unknown_client':
      return texts.badClient
    case 'missing_redirect_uri':
    case 'unregistered_redirect_uri':
      return texts.badRedirect
    case 'repeated_parameter':
    case 'malformed_query':
      return undefined
  }
}
