import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { usernameOf } from '../domain/accounts/account.ts'
import type { Acr } from '../domain/authentication.ts'
import { displayName } from '../domain/clients/client.ts'
import { nameOfConsent } from '../domain/oauth/consent.ts'
import type { ContinueFlow, FindSignedIn, SignedIn } from '../domain/oauth/continue-flow.ts'
import type { Flows, OpenFlow } from '../domain/oauth/flow.ts'
import { canBeImpersonated } from '../domain/oauth/next-page.ts'
import type { SsoSessions } from '../domain/sessions/sso-session.ts'
import type { Handler } from '../http/api/endpoint.ts'
import type { Audit } from '../http/api/response.ts'
import { consentPage } from '../http/pages/consent-page.ts'
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

      const audit = { ...about(found), outcome: 'success', reason: step.kind } as const
      if (step.kind !== 'consent') return flowResponse(context, flow, step, audit)
      const { client, request, token } = flow
      const { scope, account } = step
      const { redirectUri, resource } = request
      const shown = {
        flow: token,
        client: displayName(client),
        username: usernameOf(account),
        scope,
        resource,
        consent: nameOfConsent(account.sub, { scope, resource }),
      }
      return consentPage(
        context,
        { ...shown, redirectUri, canBeImpersonated: canBeImpersonated(client, redirectUri) },
        audit,
      )
    },
    decide: async (event) => {
      if (!isSameOrigin(event, context.issuer)) return crossSitePage(context, failed('cross_site'))
      const form = readFields(event)
      const found = await find(event, form.get('flow'), dependencies)
      if (!found) return expiredPage(context, failed('unknown_flow'))

      const { flow, signedIn } = found
      const isAllowed = form.get('decision') === 'allow'
      if (!isAllowed) {
        const error = { error: 'access_denied', description: 'The user did not allow it.' } as const
        const denied = { ...about(found), outcome: 'failure', reason: 'access_denied' } as const
        return flowResponse(context, flow, { kind: 'error', error }, denied)
      }
      const step = await continueFlow({ flow, signedIn, reachable, allowed: form.get('consent') })
      return flowResponse(context, flow, step, { ...about(found), outcome: 'success', reason: step.kind })
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

const about = ({ flow, signedIn }: Found) => ({
  event: 'authz_consent',
  client_id: flow.client.id,
  ...(signedIn && { sub: signedIn.account.sub }),
})

const failed = (reason: string): Audit => ({ event: 'authz_consent', outcome: 'failure', reason })
