import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Acr } from '../../domain/authentication.ts'
import { displayName } from '../../domain/clients/client.ts'
import type { Clock } from '../../domain/clock.ts'
import type { ContinueFlow, FindSignedIn, FlowStep } from '../../domain/oauth/continue-flow.ts'
import type { Flow, Flows } from '../../domain/oauth/flow.ts'
import type { SsoSessions } from '../../domain/sessions/sso-session.ts'
import type { ApiResponse, Audit } from '../api/response.ts'
import type { Cookies } from './cookies.ts'
import { type FlowContext, flowResponse } from './flow-response.ts'
import { type SignInContext, signInPage } from './sign-in-page.ts'

export type OpenFlowDependencies = {
  readonly context: FlowContext & SignInContext
  readonly cookies: Cookies
  readonly flows: Pick<Flows, 'open'>
  readonly sso: Pick<SsoSessions, 'find'>
  readonly findSignedIn: FindSignedIn
  readonly continueFlow: ContinueFlow
  readonly newBrowserToken: () => string
  readonly clock: Clock
  /** What an account can prove at most. */
  readonly reachable: Acr
}

type Asked = Pick<Flow, 'request' | 'client' | 'expectedSub' | 'page'>

/** Begins a flow, which may be at its end at once where there is nothing to ask. */
export async function beginFlow(
  event: APIGatewayProxyEventV2,
  asked: Asked,
  dependencies: OpenFlowDependencies,
): Promise<ApiResponse> {
  const { context, cookies, sso, findSignedIn, continueFlow, clock } = dependencies
  // Our own pages ask for a factor where the account has one, even while the setting is off: then for a recovery code.
  const reachable = asked.page === undefined ? dependencies.reachable : 'mfa'
  const session = await sso.find(cookies.read(event, 'sso'))
  const flow = { ...asked, formerSignIn: session?.signIn }
  const signedIn = await findSignedIn(session)
  const step = await continueFlow({ flow: { ...flow, createdAt: clock() }, signedIn, reachable })

  const audit = auditOf(step, flow.client.id, signedIn?.account.sub)
  return isOver(step)
    ? flowResponse(context, { ...flow, token: '' }, step, audit)
    : openPage(event, flow, step, audit, dependencies)
}

const isOver = ({ kind }: FlowStep): boolean => ['code', 'error', 'refused', 'page'].includes(kind)

const auditOf = (step: FlowStep, clientId: string, sub: string | undefined): Audit => ({
  event: 'authorization',
  outcome: step.kind === 'error' || step.kind === 'refused' ? 'failure' : 'success',
  reason: step.kind === 'error' ? step.error.error : step.kind === 'refused' ? step.reason : step.kind,
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
  { context, cookies, flows, newBrowserToken }: OpenFlowDependencies,
): Promise<ApiResponse> {
  const browser = cookies.read(event, 'flow') ?? newBrowserToken()
  const opened = await flows.open(flow, browser)
  const set = [cookies.set('flow', browser), ...languageCookie(event, flow, { context, cookies })]
  if (step.kind !== 'sign_in') return flowResponse(context, opened, step, audit, set)
  const signIn = {
    flow: opened.token,
    client: displayName(flow.client),
    username: flow.request.loginHint?.slice(0, 256),
  }
  return signInPage(context, signIn, { cookies: set, audit })
}

/** Keeps the language that the client asks for, for the pages that follow. */
function languageCookie(
  event: APIGatewayProxyEventV2,
  { request, page }: NewFlow,
  { context, cookies }: Pick<OpenFlowDependencies, 'context' | 'cookies'>,
): readonly string[] {
  if (request.uiLocales !== undefined) return [cookies.set('language', context.texts.language)]
  return page !== undefined || cookies.read(event, 'language') === undefined ? [] : [cookies.clear('language')]
}
