import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { canonicalIdentifier } from '../domain/accounts/identifier.ts'
import { displayName } from '../domain/clients/client.ts'
import type { OpenFlow } from '../domain/oauth/flow.ts'
import { flowTo } from '../domain/oauth/flow-to-page.ts'
import { type EnteredPassword, readEnteredPassword } from '../domain/passwords/password.ts'
import { freshness } from '../domain/sign-in/enrolment/find-holder.ts'
import type { Incomplete, LogInFailure } from '../domain/sign-in/log-in.ts'
import type { Handler } from '../http/api/endpoint.ts'
import { occasionOf } from '../http/api/occasion.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import { crossSitePage, expiredPage } from '../http/pages/error-page.ts'
import { beginFlow } from '../http/pages/open-flow.ts'
import { rawQueryOf, readFields, readRequestParameters } from '../http/pages/query.ts'
import { isSameOrigin } from '../http/pages/same-origin.ts'
import { signInPage } from '../http/pages/sign-in-page.ts'
import { progressResponse, type SignInDependencies } from './steps.ts'

/** GET and POST /sign-in: a name and a password. */
export function createSignIn(dependencies: SignInDependencies): { readonly show: Handler; readonly take: Handler } {
  const { context, cookies, flows } = dependencies
  return {
    show: async (event) => {
      const query = readRequestParameters(rawQueryOf(event))?.values
      const token = query?.get('flow')
      if (token === undefined) return beginAtPage(event, query?.get('to'), dependencies)
      const flow = await flows.find(token, cookies.read(event, 'flow'))
      if (!flow) return expiredPage(context, failed('unknown_flow'))

      const shown = {
        flow: flow.token,
        client: displayName(flow.client),
        username: flow.request.loginHint?.slice(0, 256),
      }
      const audit = { event: 'sign_in_page', outcome: 'success', client_id: flow.client.id } as const
      return signInPage(context, shown, { audit })
    },
    take: async (event) => {
      if (!isSameOrigin(event, context.issuer)) return crossSitePage(context, failed('cross_site'))
      const form = readFields(event)
      const flow = await flows.find(form.get('flow') ?? '', cookies.read(event, 'flow'))
      if (!flow) return expiredPage(context, failed('unknown_flow'))

      return takePassword(event, flow, form, dependencies)
    },
  }
}

/** Without a client: the person wants a page of ours. Any other path leads nowhere else than to the account. */
function beginAtPage(
  event: APIGatewayProxyEventV2,
  path: string | undefined,
  dependencies: SignInDependencies,
): Promise<ApiResponse> {
  const { issuer, serviceName } = dependencies.context
  const page = dependencies.ownPages.find((each) => each === path) ?? '/account'
  return beginFlow(event, flowTo(page, { issuer, serviceName, freshness }), dependencies)
}

async function takePassword(
  event: APIGatewayProxyEventV2,
  flow: OpenFlow,
  form: ReadonlyMap<string, string>,
  dependencies: SignInDependencies,
): Promise<ApiResponse> {
  const { context, cookies, stepsOf, readAddress } = dependencies
  const typed = { username: form.get('username') ?? '', isKept: form.has('keep') }
  const entered = readEntered(typed.username, form.get('password') ?? '')
  if (!entered) return again(flow, typed, { reason: 'malformed_credentials' }, {}, dependencies)
  const { username, ...password } = entered
  const address = readAddress(event)
  const device = { rememberDevice: typed.isKept, deviceToken: cookies.read(event, 'device') }

  const { logIn, mailFactorCode } = stepsOf(flow.id, cookies.read(event, 'sso'))
  const progress = await logIn({
    username,
    ...password,
    ...device,
    clientId: flow.client.id,
    scope: undefined,
    address,
  })
  if (!progress.ok) {
    const told = await tellOwner(event, username, progress.failure, dependencies)
    return again(flow, typed, progress.failure, told, dependencies)
  }

  if ('next' in progress.value && asksForMail(progress.value))
    await mailFactorCode(progress.value, occasionOf(event, address, dependencies.clock, context.texts.language))
  return progressResponse(flow, progress.value, {}, dependencies)
}

const asksForMail = ({ next }: Incomplete): boolean => next.kind === 'prove' && next.factors.includes('email_code')

function readEntered(typed: string, password: string): (EnteredPassword & { readonly username: string }) | undefined {
  const username = canonicalIdentifier(typed)
  const entered = readEnteredPassword(password)
  return username === undefined || entered === undefined ? undefined : { username, ...entered }
}

type Failure = LogInFailure | { readonly reason: 'malformed_credentials' }

/** The page again, with all that was typed but the password. One text for all reasons but the throttle. */
function again(
  { token, client, request: _ }: OpenFlow,
  { username, isKept }: { readonly username: string; readonly isKept: boolean },
  failure: Failure,
  told: Pick<Audit, 'notice'>,
  { context, hashForLog }: SignInDependencies,
): ApiResponse {
  const { texts } = context
  const retryAfter = 'retryAfter' in failure ? failure.retryAfter : undefined
  const problem = retryAfter === undefined ? texts.wrongCredentials : texts.tooManyAttempts(retryAfter)
  const who = 'sub' in failure ? { sub: failure.sub } : { user_hash: hashForLog(canonicalIdentifier(username) ?? '') }
  const event = retryAfter === undefined ? 'authn_login_fail' : 'authn_login_lock'
  const audit = { event, outcome: 'failure', reason: failure.reason, ...who, ...told } as const
  const limited = retryAfter === undefined ? {} : { headers: { 'retry-after': String(retryAfter) } }
  return signInPage(
    context,
    { flow: token, client: displayName(client), username: username.slice(0, 256), isKept, problem },
    { status: retryAfter === undefined ? 400 : 429, audit, ...limited },
  )
}

/** By the identifier, known or not, so that the time of the response does not say which. */
async function tellOwner(
  event: APIGatewayProxyEventV2,
  identifier: string,
  failure: LogInFailure,
  { context, notify, readAddress, clock }: SignInDependencies,
): Promise<Pick<Audit, 'notice'>> {
  const attempts = 'threshold' in failure ? failure.threshold : undefined
  if (attempts === undefined) return {}
  const occasion = occasionOf(event, readAddress(event), clock, context.texts.language)
  return notify({ kind: 'wrongPasswords', identifier, attempts, ...occasion })
}

const failed = (reason: string): Audit => ({ event: 'authn_login_fail', outcome: 'failure', reason })
