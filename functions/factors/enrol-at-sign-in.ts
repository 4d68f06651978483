import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { displayName } from '../domain/clients/client.ts'
import type { Flows, OpenFlow } from '../domain/oauth/flow.ts'
import type { BegunSso, SsoSession, SsoSessions } from '../domain/sessions/sso-session.ts'
import type { Enrol, Enrolled } from '../domain/sign-in/enrolment/enrol.ts'
import type { EnrolTotp } from '../domain/sign-in/enrolment/enrol-totp.ts'
import type { FindHolder, Holder } from '../domain/sign-in/enrolment/find-holder.ts'
import type { Handler } from '../http/api/endpoint.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import { type Cookies, signInCookies } from '../http/pages/cookies.ts'
import { choiceBody, goOnForm, newAppBody, recoveryCodesBody } from '../http/pages/enrolment-pages.ts'
import { crossSitePage, expiredPage } from '../http/pages/error-page.ts'
import { type PageContext, pageResponse, redirect } from '../http/pages/page.ts'
import { type Markup, markup } from '../http/pages/parts/html.ts'
import { newPasskeyScript } from '../http/pages/parts/new-passkey.ts'
import { rawQueryOf, readFields, readRequestParameters } from '../http/pages/query.ts'
import { isSameOrigin } from '../http/pages/same-origin.ts'
import { signInPage } from '../http/pages/sign-in-page.ts'
import { type TellDependencies, tellBy } from './tell.ts'

export type EnrolAtSignInDependencies = TellDependencies & {
  readonly context: PageContext & { readonly issuer: string }
  readonly cookies: Cookies
  readonly flows: Pick<Flows, 'find'>
  readonly sso: Pick<SsoSessions, 'find'>
  /** Those of a flow; `formerToken` is what the browser's cookie held before. */
  readonly enrolmentsOf: (
    flowId: string,
    formerToken: string | undefined,
  ) => { readonly findHolder: FindHolder<SsoSession>; readonly enrol: Enrol<BegunSso> }
  readonly enrolTotpWith: (enrol: Enrol<BegunSso>) => EnrolTotp<BegunSso>
  readonly drawQr: (uri: string) => string
}

type Call = {
  readonly event: APIGatewayProxyEventV2
  readonly flow: OpenFlow
  /** What the page holds of the auth session. */
  readonly step: string
  readonly holder: Holder
  readonly form: ReadonlyMap<string, string>
  readonly enrolTotp: EnrolTotp<BegunSso>
  readonly dependencies: EnrolAtSignInDependencies
}

const path = '/sign-in/enrol'

/** Only the confirmation of a code is a try. */
const routes: Readonly<Record<string, (call: Call) => ApiResponse | Promise<ApiResponse>>> = {
  [`GET ${path}`]: choose,
  [`POST ${path}/totp`]: beginTotp,
  [`POST ${path}/totp/confirm`]: confirmTotp,
}

/** /sign-in/enrol: a first factor, in the course of a sign-in that asks for one. */
export function createEnrolAtSignIn(dependencies: EnrolAtSignInDependencies): Handler {
  const { context, cookies, flows, enrolmentsOf, enrolTotpWith } = dependencies
  return async (event) => {
    const respond = routes[event.routeKey]
    if (!respond) throw new Error(`Unhandled route ${event.routeKey}.`)
    const isForm = respond !== choose
    if (isForm && !isSameOrigin(event, context.issuer)) return crossSitePage(context, failed('cross_site'))
    const form = isForm ? readFields(event) : (readRequestParameters(rawQueryOf(event))?.values ?? new Map())
    const flow = await flows.find(form.get('flow') ?? '', cookies.read(event, 'flow'))
    if (!flow) return expiredPage(context, failed('unknown_flow'))

    const step = form.get('step') ?? ''
    const { findHolder, enrol } = enrolmentsOf(flow.id, cookies.read(event, 'sso'))
    const isTry = respond === confirmTotp
    const holder = await findHolder({ kind: 'log_in', authSession: step, isTry })
    if (!holder.ok) return elsewhere(event, { flow, step }, holder.failure.reason, dependencies)
    return respond({ event, flow, step, holder: holder.value, form, enrolTotp: enrolTotpWith(enrol), dependencies })
  }
}

/**
 * On from a step that asks for no factor to be set up: to what it asks for; into the flow for someone who has signed in
 * since, as after a second press of the button; otherwise to the first step again.
 */
async function elsewhere(
  event: APIGatewayProxyEventV2,
  { flow, step }: Pick<Call, 'flow' | 'step'>,
  reason: string,
  { context, cookies, sso }: EnrolAtSignInDependencies,
): Promise<ApiResponse> {
  const { token, client, formerSignIn } = flow
  const audit = { ...failed(reason), client_id: client.id }
  if (reason === 'unexpected_step' || reason === 'factors_changed')
    return redirect(`/sign-in/factor?flow=${token}&step=${encodeURIComponent(step)}`, audit)
  const session = await sso.find(cookies.read(event, 'sso'))
  if (session && session.signIn !== formerSignIn) return redirect(`/consent?flow=${token}`, audit)
  const shown = { flow: token, client: displayName(client), problem: context.texts.stepOver }
  // The way on is to sign in: who has come this far knows the password.
  return signInPage({ ...context, hasPasskeys: true, hasSignUp: false, hasForgot: false }, shown, {
    status: 400,
    audit,
  })
}

const fieldsOf = ({ flow, step }: Pick<Call, 'flow' | 'step'>): Markup =>
  markup`<input type="hidden" name="flow" value="${flow.token}">
<input type="hidden" name="step" value="${step}">`

const goesOn = (context: PageContext, { token }: OpenFlow): Markup => goOnForm(context.texts, token)

function choose(call: Call): ApiResponse {
  const { flow, step, holder, dependencies } = call
  const { context } = dependencies
  const { texts } = context
  const shown = {
    ...{ text: texts.mustEnrolText, action: `${path}/totp`, fields: fieldsOf(call) },
    passkey: { path: `${path}/passkey`, members: { flow: flow.token, step } },
    next: goesOn(context, flow),
    notYou: `/sign-in?flow=${flow.token}`,
  }
  const page = {
    title: texts.mustEnrol,
    body: choiceBody(texts, shown),
    script: newPasskeyScript,
    endsAtClient: true,
  }
  const audit = {
    event: 'factor_list',
    outcome: 'success',
    sub: holder.account.sub,
    client_id: flow.client.id,
  } as const
  return pageResponse(context, page, { audit })
}

async function beginTotp(call: Call): Promise<ApiResponse> {
  const { flow, holder, enrolTotp } = call
  const begun = await enrolTotp.begin(holder)
  const { sub } = holder.account
  const about = { reason: 'totp', sub, client_id: flow.client.id }
  return newApp(call, begun, undefined, { event: 'factor_enrol_begin', outcome: 'success', ...about })
}

function newApp(
  call: Call,
  { secret, uri }: { readonly secret: string; readonly uri: string },
  problem: string | undefined,
  audit: Audit,
): ApiResponse {
  const { context, drawQr } = call.dependencies
  const { texts } = context
  const shown = { secret, qr: drawQr(uri), action: `${path}/totp/confirm`, fields: fieldsOf(call), problem }
  const body = markup`${newAppBody(texts, shown)}\n${backToChoice(call)}`
  const status = problem === undefined ? 200 : 400
  return pageResponse(context, { title: texts.setUpApp, body }, { status, audit })
}

const backToChoice = ({ flow, step, dependencies }: Call): Markup =>
  markup`<p><a href="${path}?flow=${flow.token}&step=${step}">${dependencies.context.texts.chooseAgain}</a></p>`

async function confirmTotp(call: Call): Promise<ApiResponse> {
  const { event, flow, holder, form, enrolTotp, dependencies } = call
  const { context } = dependencies
  const { sub } = holder.account
  const tell = tellBy(event, dependencies, context.texts.language)
  const told = () => tell({ kind: 'factorAdded', sub, factor: 'totp' })
  const enrolled = await enrolTotp.confirm(holder, form.get('code') ?? '', told)
  if (enrolled.ok) return signedIn(call, enrolled.value)
  const { reason } = enrolled.failure
  const audit = { ...failed(reason), sub, client_id: flow.client.id }
  switch (reason) {
    case 'wrong_totp': {
      const begun = await enrolTotp.findBegun(holder, form.get('secret') ?? '')
      return begun ? newApp(call, begun, context.texts.wrongAppCode, audit) : over(call, audit)
    }
    case 'enrolment_over':
    case 'passkey_taken':
    case 'too_many_passkeys':
      return over(call, audit)
    case 'factors_changed':
    case 'session_ended':
    case 'unknown_auth_session':
      return elsewhere(event, call, reason, dependencies)
  }
}

/** The browser has a session; the recovery codes are shown before it goes on. */
function signedIn({ flow, holder, dependencies }: Call, enrolled: Enrolled<BegunSso>): ApiResponse {
  const { context, cookies } = dependencies
  const { recoveryCodes = [], loggedIn, told } = enrolled
  const about = { reason: 'totp', sub: holder.account.sub, client_id: flow.client.id, ...told }
  const audit = { event: 'factor_enrol', outcome: 'success', ...about } as const
  const set = loggedIn ? signInCookies(cookies, loggedIn) : []
  const body = recoveryCodesBody(context.texts, recoveryCodes, goesOn(context, flow))
  const page = { title: context.texts.saveCodes, body, endsAtClient: true }
  return pageResponse(context, page, { cookies: set, audit })
}

function over(call: Call, audit: Audit): ApiResponse {
  const { context } = call.dependencies
  const { setUpOver: title, setUpOverText: text } = context.texts
  const body = markup`<p role="alert" class="plain">${text}</p>\n${backToChoice(call)}`
  return pageResponse(context, { title, body }, { status: 400, audit })
}

const failed = (reason: string): Audit => ({ event: 'factor_fail', outcome: 'failure', reason })
