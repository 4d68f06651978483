import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { usernameOf } from '../domain/accounts/account.ts'
import type { Acr } from '../domain/authentication.ts'
import { displayName } from '../domain/clients/client.ts'
import { hostOfClient } from '../domain/clients/client-url.ts'
import { nameOfConsent } from '../domain/oauth/consent.ts'
import type { ContinueFlow, FindSignedIn, FlowStep, SignedIn } from '../domain/oauth/continue-flow.ts'
import type { Flows, OpenFlow } from '../domain/oauth/flow.ts'
import { canBeImpersonated } from '../domain/oauth/next-page.ts'
import type { SsoSessions } from '../domain/sessions/sso-session.ts'
import type { Handler } from '../http/api/endpoint.ts'
import type { Audit } from '../http/api/response.ts'
import { type Consent, consentPage } from '../http/pages/consent-page.ts'
import type { Cookies } from '../http/pages/cookies.ts'
import { crossSitePage, expiredPage } from '../http/pages/error-page.ts'
import { type FlowContext, flowResponse } from '../http/pages/flow-response.ts'
import { rawQueryOf, readFields, readRequestParameters } from '../http/pages/query.ts'
import { isSameOrigin } from '../http/pages/same-origin.ts'

export type ConsentDependencies = {
  readonly context: FlowContext
  readonly cookies: Cookies
  readonly flows: Pick<Flows, 'find'>
  readonly sso: Pick<SsoSessions, 'find'>
  readonly findSignedIn: FindSignedIn
  readonly continueFlow: ContinueFlow
  readonly reachable: Acr
}

/** GET and POST /consent: whether the person allows the client what it asks for. */
export function createConsent(dependencies: ConsentDependencies): { readonly show: Handler; readonly decide: Handler } {
  const { context, continueFlow, reachable } = dependencies
  return {
    show: async (event) => {
      const found = await find(event, readRequestParameters(rawQueryOf(event))?.values.get('flow'), dependencies)
      if (!found) return expiredPage(context, failed('unknown_flow'))

      const { flow, signedIn } = found
      const step = await continueFlow({ flow, signedIn, reachable })

      const audit = auditOf(found, step)
      if (step.kind !== 'consent') return flowResponse(context, flow, step, audit)
      return consentPage(context, consentOf(flow, step), audit)
    },
    decide: async (event) => {
      if (!isSameOrigin(event, context.issuer)) return crossSitePage(context, failed('cross_site'))
      const form = readFields(event)
      const found = await find(event, form.get('flow'), dependencies)
      if (!found) return expiredPage(context, failed('unknown_flow'))

      const { flow, signedIn } = found
      const isDenied = form.get('decision') !== 'allow'
      const step = await continueFlow({ flow, signedIn, reachable, allowed: form.get('consent'), isDenied })

      const denied = isDenied && ({ outcome: 'failure', reason: 'access_denied' } as const)
      return flowResponse(context, flow, step, { ...auditOf(found, step), ...denied })
    },
  }
}

type Found = { readonly flow: OpenFlow; readonly signedIn: SignedIn | undefined }

async function find(
  event: APIGatewayProxyEventV2,
  token = '',
  { cookies, flows, sso, findSignedIn }: ConsentDependencies,
): Promise<Found | undefined> {
  const flow = await flows.find(token, cookies.read(event, 'flow'))
  if (!flow) return undefined
  const session = await sso.find(cookies.read(event, 'sso'))
  return { flow, signedIn: await findSignedIn(session) }
}

/** What the page shows. `client` is what its document says, where it is a client by URL. */
function consentOf(
  { request: { redirectUri, resource }, token }: OpenFlow,
  { client, account, scope }: Extract<FlowStep, { readonly kind: 'consent' }>,
): Consent {
  const isWarned = client.isLoopbackOnly || canBeImpersonated(client, redirectUri)
  return {
    ...{ flow: token, client: displayName(client), username: usernameOf(account), scope, resource, redirectUri },
    clientHost: client.isLoopbackOnly === undefined ? undefined : hostOfClient(client.id),
    consent: nameOfConsent(account.sub, { scope, resource }),
    canBeImpersonated: isWarned,
  }
}

const auditOf = ({ flow, signedIn }: Found, step: FlowStep): Audit => ({
  event: 'authz_consent',
  client_id: flow.client.id,
  ...(signedIn && { sub: signedIn.account.sub }),
  outcome: step.kind === 'refused' ? 'failure' : 'success',
  reason: step.kind === 'refused' ? step.reason : step.kind,
})

const failed = (reason: string): Audit => ({ event: 'authz_consent', outcome: 'failure', reason })
