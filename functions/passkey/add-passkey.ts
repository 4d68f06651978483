import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Flows } from '../domain/oauth/flow.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import { createFindLiveSso } from '../domain/sessions/live-session.ts'
import type { BegunSso, SsoSession, SsoSessions } from '../domain/sessions/sso-session.ts'
import type { Tokens } from '../domain/sessions/start-session.ts'
import type { Enrolled } from '../domain/sign-in/enrolment/enrol.ts'
import type { EnrolPasskey } from '../domain/sign-in/enrolment/enrol-passkey.ts'
import { createFindHolder, type Holder } from '../domain/sign-in/enrolment/find-holder.ts'
import { type Body, readString } from '../http/api/body.ts'
import { type FactorFailure, factorFailure, refusedHolder } from '../http/api/factor-response.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import { type Cookies, signInCookies } from '../http/pages/cookies.ts'
import { confirmPasskey, enrolledAudit, type TellDependencies, tellBy } from './passkeys.ts'

type LiveSsoParts = Parameters<typeof createFindLiveSso>[0]
type HolderParts = Omit<Parameters<typeof createFindHolder<SsoSession>>[0], 'findLive'>

export type AddPasskeyDependencies = TellDependencies &
  HolderParts &
  LiveSsoParts & {
    readonly cookies: Cookies
    readonly sso: Pick<SsoSessions, 'find'>
    readonly enrolPasskey: EnrolPasskey
    readonly flows: Pick<Flows, 'find'>
    /** Those of a flow; `formerToken` is what the browser's cookie held before. */
    readonly pageStepsOf: (flowId: string, formerToken: string | undefined) => Enrolments
  }

type Enrolments = { readonly authSessions: HolderParts['authSessions']; readonly enrolPasskey: EnrolPasskey<BegunSso> }

type Request = { readonly event: APIGatewayProxyEventV2; readonly body: Body; readonly isTry: boolean }

/** Who adds a passkey, and how it goes on afterwards. */
type Adding<Started> = {
  readonly holder: Holder
  readonly enrolPasskey: EnrolPasskey<Started>
  /** The page that says what to do where nothing comes of it. */
  readonly page: string
  readonly done: (enrolled: Enrolled<Started>, audit: Audit) => ApiResponse
}

const list = '/account/factors'

/** What the script of our pages sends for a new passkey: it asks for options, and sends what the browser made of them. */
export function createAddPasskey(
  dependencies: AddPasskeyDependencies,
): (event: APIGatewayProxyEventV2, body: Body) => Promise<ApiResponse> {
  return async (event, body) => {
    const request = { event, body, isTry: !event.routeKey.endsWith('/options') }
    return event.routeKey.includes(' /sign-in/')
      ? respond(request, await findWaiting(request, dependencies), dependencies)
      : respond(request, await findOwner(request, dependencies), dependencies)
  }
}

async function respond<Started>(
  request: Request,
  adding: Result<Adding<Started>, ApiResponse>,
  dependencies: AddPasskeyDependencies,
): Promise<ApiResponse> {
  if (!adding.ok) return adding.failure
  return request.isTry ? confirm(request, adding.value, dependencies) : begin(adding.value)
}

const findHolderWith = (dependencies: AddPasskeyDependencies, authSessions: HolderParts['authSessions']) =>
  createFindHolder<SsoSession>({ ...dependencies, authSessions, findLive: createFindLiveSso(dependencies) })

/** Whose sign-in waits for a factor, in the flow of this browser. The page says what to do where it does not wait for one. */
async function findWaiting(
  { event, body, isTry }: Request,
  dependencies: AddPasskeyDependencies,
): Promise<Result<Adding<BegunSso>, ApiResponse>> {
  const { cookies, flows, pageStepsOf } = dependencies
  const flow = await flows.find(readString(body, 'flow') ?? '', cookies.read(event, 'flow'))
  if (!flow) return fail(goTo('/sign-in', failed('unknown_flow')))
  const step = readString(body, 'step') ?? ''
  const page = `/sign-in/enrol?flow=${flow.token}&step=${encodeURIComponent(step)}`
  const { authSessions, enrolPasskey } = pageStepsOf(flow.id, cookies.read(event, 'sso'))
  const findHolder = findHolderWith(dependencies, authSessions)
  const holder = await findHolder({ kind: 'log_in', authSession: step, isTry })
  if (!holder.ok) return fail(goTo(page, failed(holder.failure.reason)))
  const done = ({ recoveryCodes, loggedIn }: Enrolled<BegunSso>, audit: Audit): ApiResponse => ({
    status: 200,
    body: { recovery_codes: recoveryCodes ?? [] },
    cookies: loggedIn ? signInCookies(cookies, loggedIn) : [],
    audit: { ...audit, client_id: flow.client.id },
  })
  return succeed({ holder: holder.value, enrolPasskey, page, done })
}

/** Who is signed in, after a fresh log-in; not who was when the page was shown. */
async function findOwner(
  { event, body }: Request,
  dependencies: AddPasskeyDependencies,
): Promise<Result<Adding<Tokens>, ApiResponse>> {
  const { cookies, sso, authSessions, enrolPasskey } = dependencies
  const session = await sso.find(cookies.read(event, 'sso'))
  const signIn = `/sign-in?to=${list}`
  if (!session) return fail(goTo(signIn, failed('sign_in')))
  const { sub } = session
  if (readString(body, 'account') !== sub) return fail(goTo(list, failed('another_account', sub)))
  const findHolder = findHolderWith(dependencies, authSessions)
  const holder = await findHolder({ kind: 'session', ...session })
  if (!holder.ok) return fail(goTo(signIn, failed(holder.failure.reason, sub)))
  const done = ({ recoveryCodes }: Enrolled, audit: Audit): ApiResponse =>
    recoveryCodes ? { status: 200, body: { recovery_codes: recoveryCodes }, audit } : goTo(list, audit)
  return succeed({ holder: holder.value, enrolPasskey, page: list, done })
}

async function begin<Started>({ holder, enrolPasskey }: Adding<Started>): Promise<ApiResponse> {
  const options = await enrolPasskey.begin(holder)
  const { sub } = holder.account
  return {
    status: 200,
    body: { options },
    audit: { event: 'factor_enrol_begin', outcome: 'success', reason: 'passkey', sub },
  }
}

async function confirm<Started>(
  { event, body }: Request,
  { holder, enrolPasskey, page, done }: Adding<Started>,
  dependencies: AddPasskeyDependencies,
): Promise<ApiResponse> {
  const tell = tellBy(event, dependencies, dependencies.cookies.read(event, 'language'))
  const enrolled = await confirmPasskey(body, holder, enrolPasskey, tell)
  if (!enrolled.ok) return refused(enrolled.failure, holder, page)
  return done(enrolled.value, enrolledAudit(enrolled.value, holder))
}

function refused(failure: FactorFailure, holder: Holder, page: string): ApiResponse {
  const response = factorFailure(failure, refusedHolder(holder))
  const { reason } = failure
  if (reason === 'malformed_name') return { ...response, body: { problem: 'name' } }
  // The page itself says what has become of the session, and how many passkeys there may be.
  const isOver = reason === 'session_ended' || reason === 'unknown_auth_session' || reason === 'too_many_passkeys'
  return isOver ? goTo(page, response.audit) : response
}

/** Tells the script where the browser goes on. */
export const goTo = (location: string, audit: Audit, cookies: readonly string[] = []): ApiResponse => ({
  status: 200,
  body: { location },
  cookies,
  audit,
})

const failed = (reason: string, sub?: string): Audit => ({
  event: 'factor_fail',
  outcome: 'failure',
  reason,
  ...(sub !== undefined && { sub }),
})
