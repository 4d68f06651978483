import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { fail, type Result, succeed } from '../domain/result.ts'
import { createFindLiveSso } from '../domain/sessions/live-session.ts'
import type { SsoSession, SsoSessions } from '../domain/sessions/sso-session.ts'
import type { Enrolled } from '../domain/sign-in/enrol.ts'
import type { EnrolPasskey } from '../domain/sign-in/enrol-passkey.ts'
import { createFindHolder, type Holder } from '../domain/sign-in/find-holder.ts'
import { type Body, readString } from '../http/api/body.ts'
import { type FactorFailure, factorFailure, refusedHolder } from '../http/api/factor-response.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import type { Cookies } from '../http/pages/cookies.ts'
import { confirmPasskey, enrolledAudit, type TellDependencies, tellBy } from './passkeys.ts'

type LiveSsoParts = Parameters<typeof createFindLiveSso>[0]
type HolderParts = Omit<Parameters<typeof createFindHolder<SsoSession>>[0], 'findLive'>

export type AddPasskeyDependencies = TellDependencies &
  HolderParts &
  LiveSsoParts & {
    readonly cookies: Cookies
    readonly sso: Pick<SsoSessions, 'find'>
    readonly enrolPasskey: EnrolPasskey
  }

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
    const adding = await findOwner(event, body, dependencies)
    if (!adding.ok) return adding.failure

    return event.routeKey.endsWith('/options') ? begin(adding.value) : confirm(event, body, adding.value, dependencies)
  }
}

/** Who is signed in, after a fresh log-in; not who was when the page was shown. */
async function findOwner(
  event: APIGatewayProxyEventV2,
  body: Body,
  dependencies: AddPasskeyDependencies,
): Promise<Result<Adding<unknown>, ApiResponse>> {
  const { cookies, sso, enrolPasskey } = dependencies
  const session = await sso.find(cookies.read(event, 'sso'))
  const signIn = `/sign-in?to=${list}`
  if (!session) return fail(goTo(signIn, failed('sign_in')))
  const { sub } = session
  if (readString(body, 'account') !== sub) return fail(goTo(list, failed('another_account', sub)))
  const findHolder = createFindHolder<SsoSession>({ ...dependencies, findLive: createFindLiveSso(dependencies) })
  const holder = await findHolder({ kind: 'session', ...session })
  if (!holder.ok) return fail(goTo(signIn, failed(holder.failure.reason, sub)))
  const done = ({ recoveryCodes }: Enrolled<unknown>, audit: Audit): ApiResponse =>
    recoveryCodes ? { status: 200, body: { recovery_codes: recoveryCodes }, audit } : goTo(list, audit)
  return succeed({ holder: holder.value, enrolPasskey, page: list, done })
}

async function begin({ holder, enrolPasskey }: Adding<unknown>): Promise<ApiResponse> {
  const options = await enrolPasskey.begin(holder)
  const { sub } = holder.account
  return {
    status: 200,
    body: { options },
    audit: { event: 'factor_enrol_begin', outcome: 'success', reason: 'passkey', sub },
  }
}

async function confirm<Started>(
  event: APIGatewayProxyEventV2,
  body: Body,
  { holder, enrolPasskey, page, done }: Adding<Started>,
  dependencies: AddPasskeyDependencies,
): Promise<ApiResponse> {
  const enrolled = await confirmPasskey(body, holder, enrolPasskey, tellBy(event, dependencies))
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
