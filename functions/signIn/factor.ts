import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { displayName } from '../domain/clients/client.ts'
import type { OpenFlow } from '../domain/oauth/flow.ts'
import type { StepFailure } from '../domain/sign-in/prove.ts'
import type { TypedCode } from '../domain/sign-in/verify-code.ts'
import type { Handler } from '../http/api/endpoint.ts'
import { occasionOf } from '../http/api/occasion.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import { crossSitePage, errorPage, expiredPage } from '../http/pages/error-page.ts'
import { factorPage } from '../http/pages/factor-page.ts'
import { flowResponse } from '../http/pages/flow-response.ts'
import { redirect } from '../http/pages/page.ts'
import { rawQueryOf, readFields, readRequestParameters } from '../http/pages/query.ts'
import { isSameOrigin } from '../http/pages/same-origin.ts'
import { signInPage } from '../http/pages/sign-in-page.ts'
import { enrolmentOf, factorOf, progressResponse, type SignInDependencies } from './steps.ts'

/** GET and POST /sign-in/factor: a second factor. */
export function createFactor(dependencies: SignInDependencies): { readonly show: Handler; readonly take: Handler } {
  const { context, cookies, flows } = dependencies
  return {
    show: async (event) => {
      const query = readRequestParameters(rawQueryOf(event))?.values
      const flow = await flows.find(query?.get('flow') ?? '', cookies.read(event, 'flow'))
      if (!flow) return expiredPage(context, failed('unknown_flow'))

      const step = query?.get('step')
      return step === undefined ? stepUp(event, flow, dependencies) : showStep(event, flow, step, {}, dependencies)
    },
    take: async (event) => {
      if (!isSameOrigin(event, context.issuer)) return crossSitePage(context, failed('cross_site'))
      const form = readFields(event)
      const flow = await flows.find(form.get('flow') ?? '', cookies.read(event, 'flow'))
      if (!flow) return expiredPage(context, failed('unknown_flow'))

      return takeCode(event, flow, form, dependencies)
    },
  }
}

type Shown = {
  readonly status?: number
  readonly problem?: string
  readonly tried?: TypedCode['kind']
  readonly retryAfter?: number
  readonly audit?: Audit
}

async function showStep(
  event: APIGatewayProxyEventV2,
  flow: OpenFlow,
  step: string,
  { status, problem, tried, retryAfter, audit }: Shown,
  dependencies: SignInDependencies,
): Promise<ApiResponse> {
  const { context, cookies, stepsOf } = dependencies
  const found = await stepsOf(flow.id, cookies.read(event, 'sso')).findStep(step)
  const shown = { event: 'sign_in_page', outcome: 'success', client_id: flow.client.id } as const
  if (!found || found.next.kind === 'complete')
    return audit ? goOn(event, flow, audit, dependencies) : signInAgain(flow, { ...shown, reason: 'sign_in' })
  if (found.next.kind === 'enrol') return redirect(enrolmentOf(flow, step), audit ?? shown)
  const headers = retryAfter === undefined ? undefined : { 'retry-after': String(retryAfter) }
  const { factors } = found.next
  const given = { ...(status !== undefined && { status }), headers, audit: audit ?? shown }
  return factorPage(context, { flow: flow.token, step, factors, problem, tried }, given)
}

const signInAgain = ({ token }: OpenFlow, audit: Audit): ApiResponse => redirect(`/sign-in?flow=${token}`, audit)

/**
 * On from a code for a step that is over, as one is after five minutes, five wrong tries or its end: back into the flow for someone who
 * has signed in since, as after a second press of the button; otherwise to the first step again.
 */
async function goOn(
  event: APIGatewayProxyEventV2,
  flow: OpenFlow,
  audit: Audit,
  dependencies: SignInDependencies,
): Promise<ApiResponse> {
  const { context, cookies, sso } = dependencies
  const { token, client, formerSignIn } = flow
  const session = await sso.find(cookies.read(event, 'sso'))
  if (session && session.signIn !== formerSignIn) return redirect(`/consent?flow=${token}`, audit)
  const problem = context.texts.stepOver
  return signInPage(context, { flow: token, client: displayName(client), problem }, { status: 400, audit })
}

/** Asks a signed-in person for a second factor, or goes on without one if the account has none. */
async function stepUp(
  event: APIGatewayProxyEventV2,
  flow: OpenFlow,
  { context, cookies, flows, sso, findSignedIn, continueFlow, stepsOf }: SignInDependencies,
): Promise<ApiResponse> {
  const cookie = cookies.read(event, 'sso')
  const signedIn = await findSignedIn(await sso.find(cookie))
  const audit = { event: 'authn_factor_needed', outcome: 'success', client_id: flow.client.id } as const
  if (!signedIn) return signInAgain(flow, { ...audit, reason: 'sign_in' })
  const { id, sub, epoch, authTime, isKept: rememberDevice } = signedIn.sso
  const { beginStepUp } = stepsOf(flow.id, cookie)
  const asked = await beginStepUp({
    account: { sub, epoch },
    authTime,
    clientId: flow.client.id,
    rememberDevice,
    sso: id,
  })
  if (asked.kind === 'step') return redirect(factorOf(flow, asked.authSession), { ...audit, sub, reason: 'proof' })
  if (asked.kind === 'sign_in') return signInAgain(flow, { ...audit, sub, reason: 'enrolment' })
  await flows.forgetAcr(flow)
  const next = await continueFlow({ flow, signedIn, reachable: 'pwd' })
  return flowResponse(context, flow, next, { ...audit, sub, reason: 'no_factor' })
}

const kinds = ['totp', 'recovery_code', 'email_code'] as const

async function takeCode(
  event: APIGatewayProxyEventV2,
  flow: OpenFlow,
  form: ReadonlyMap<string, string>,
  dependencies: SignInDependencies,
): Promise<ApiResponse> {
  const { context, cookies, stepsOf, notify, readAddress, clock } = dependencies
  const kind = kinds.find((each) => each === form.get('kind')) ?? 'totp'
  const evidence: TypedCode = { kind, code: form.get('code') ?? '' }
  const step = form.get('step') ?? ''
  const { prove } = stepsOf(flow.id, cookies.read(event, 'sso'))
  const tell = (sub: string, left: number) =>
    notify({
      ...{ kind: 'recoveryCodeUsed', sub, left },
      ...occasionOf(event, readAddress(event), clock, context.texts.language),
    })
  const deviceToken = cookies.read(event, 'device')
  const progress = await prove({ authSession: step, evidence, deviceToken, tell })
  if (!progress.ok) return refused(event, flow, { step, kind }, progress.failure, dependencies)

  const { told } = progress.value
  const reason = told === undefined ? {} : { reason: 'recovery_code' }
  return progressResponse(flow, progress.value, { ...reason, ...told }, dependencies)
}

function refused(
  event: APIGatewayProxyEventV2,
  flow: OpenFlow,
  { step, kind: tried }: { readonly step: string; readonly kind: TypedCode['kind'] },
  failure: StepFailure,
  dependencies: SignInDependencies,
): ApiResponse | Promise<ApiResponse> {
  const { context } = dependencies
  const { texts } = context
  const { reason, sub } = failure
  const name = 'retryAfter' in failure ? 'authn_login_lock' : 'authn_login_fail'
  const audit: Audit = { event: name, outcome: 'failure', reason, ...(sub !== undefined && { sub }) }
  switch (failure.reason) {
    case 'wrong_totp':
    case 'wrong_recovery_code':
    case 'wrong_email_code':
    case 'wrong_passkey':
    case 'unexpected_step':
      return showStep(event, flow, step, { status: 400, problem: texts.wrongCode, tried, audit }, dependencies)
    case 'factors_locked': {
      const { retryAfter } = failure
      const problem = texts.tooManyAttempts(retryAfter)
      return showStep(event, flow, step, { status: 429, problem, tried, retryAfter, audit }, dependencies)
    }
    case 'unknown_auth_session':
      return goOn(event, flow, audit, dependencies)
    case 'session_ended':
    case 'user_gone':
    case 'user_disabled':
      return errorPage(context, { status: 400, title: texts.expired, text: texts.expiredText }, audit)
  }
}

const failed = (reason: string): Audit => ({ event: 'authn_login_fail', outcome: 'failure', reason })
