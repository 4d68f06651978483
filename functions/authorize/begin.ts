import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Client, FindClient } from '../domain/clients/client.ts'
import { unreadClient } from '../domain/clients/client-document.ts'
import { type ClientHosts, isAllowedUrl, isClientUrl } from '../domain/clients/client-url.ts'
import { isRedirectUri } from '../domain/clients/redirect-uri.ts'
import {
  type AuthorizationError,
  type AuthorizationRequest,
  type RequestParameters,
  readAuthorizationRequest,
  readTarget,
  type UnredirectableFailure,
} from '../domain/oauth/authorization-request.ts'
import type { Flow } from '../domain/oauth/flow.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import { findResource, type Targets } from '../domain/scopes/resources.ts'
import type { ReadIdTokenHint } from '../domain/tokens/id-token.ts'
import type { Handler } from '../http/api/endpoint.ts'
import type { ApiResponse } from '../http/api/response.ts'
import { authorizationResponse } from '../http/pages/authorization-response.ts'
import { badRequestPage } from '../http/pages/error-page.ts'
import type { FlowContext } from '../http/pages/flow-response.ts'
import { beginFlow, type OpenFlowDependencies } from '../http/pages/open-flow.ts'
import { rawQueryOf, readRequestParameters } from '../http/pages/query.ts'

export type BeginDependencies = OpenFlowDependencies & {
  readonly findClient: FindClient
  readonly readIdTokenHint: ReadIdTokenHint
  readonly targets: Targets
  /** Whose URLs may be client ids. */
  readonly clientHosts: ClientHosts
  /** The scopes of the service. */
  readonly scopes: readonly string[]
}

/** GET /authorize: to the sign-in page, or back to the client at once where there is nothing to ask. */
export const createBegin =
  (dependencies: BeginDependencies): Handler =>
  async (event) => {
    const read = await readFlow(event, dependencies)
    return read.ok ? beginFlow(event, read.value, dependencies) : read.failure
  }

type Read = Pick<Flow, 'request' | 'client' | 'expectedSub'>

async function readFlow(
  event: APIGatewayProxyEventV2,
  { context, readIdTokenHint, targets, ...clients }: BeginDependencies,
): Promise<Result<Read, ApiResponse>> {
  const parameters = readRequestParameters(rawQueryOf(event))
  if (!parameters) return fail(unredirectable(context, { reason: 'malformed_query' }))
  const client = await findNamed(parameters, clients, targets)
  const target = readTarget(parameters, client)
  if (!target.ok) return fail(unredirectable(context, target.failure))
  const isUnread = isClientUrl(target.value.client.id)
  const refuse = (error: AuthorizationError) => {
    const { id } = target.value.client
    const audit = { event: 'authorization', outcome: 'failure', reason: error.error, client_id: id } as const
    // Nobody has said yet that the redirect URI is this client's.
    if (isUnread) return fail(badRequestPage(context, audit, error.error))
    return fail(authorizationResponse(context, target.value, error, audit))
  }
  const request = readAuthorizationRequest(parameters, target.value, targets)
  if (!request.ok) return refuse(request.failure)
  const hint = readHint(request.value, readIdTokenHint)
  if (!hint.ok) return refuse(hint.failure)
  const { id, name, registration, isFirstParty, authMethod } = target.value.client
  return succeed({
    request: request.value,
    client: { id, name, registration, isFirstParty, authMethod, ...(isUnread && { isUnread }) },
    ...hint.value,
  })
}

/** Of a client by URL only what can be said without reading its document, which waits until somebody has signed in. */
const findNamed = async (
  { values, repeated }: RequestParameters,
  { findClient, clientHosts, scopes }: Pick<BeginDependencies, 'findClient' | 'clientHosts' | 'scopes'>,
  targets: Targets,
): Promise<Client | undefined> => {
  const id = values.get('client_id')
  if (id === undefined || repeated.has('client_id')) return undefined
  if (!isClientUrl(id)) return findClient(id)
  // An ID token must not pass for an access token with an API that checks nothing but the audience.
  if (!isAllowedUrl(id, clientHosts) || findResource(id, targets).ok) return undefined
  const redirectUri = values.get('redirect_uri') ?? ''
  return unreadClient(id, isRedirectUri(redirectUri) ? redirectUri : undefined, scopes)
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
  const audit = { event: 'authorization', outcome: 'failure', reason: failure.reason } as const
  return badRequestPage(context, audit, detailOf(context, failure))
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
