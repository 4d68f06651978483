import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { type AssertionCredential, readCredential } from '../domain/factors/credential.ts'
import type { OpenFlow } from '../domain/oauth/flow.ts'
import type { BegunSso } from '../domain/sessions/sso-session.ts'
import type { AskForPasskey } from '../domain/sign-in/passkey-step.ts'
import type { Prove } from '../domain/sign-in/prove.ts'
import { type Body, readJsonBody, readString } from '../http/api/body.ts'
import type { Handler } from '../http/api/endpoint.ts'
import { assertionError } from '../http/api/log-in-response.ts'
import { bodyError, invalidRequest, oauthError } from '../http/api/oauth-error.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import { type Cookies, createCookies, signInCookies } from '../http/pages/cookies.ts'
import { isSameOrigin } from '../http/pages/same-origin.ts'
import { type AddPasskeyDependencies, createAddPasskey, goTo } from './add-passkey.ts'

type Steps = {
  readonly askForPasskey: AskForPasskey
  readonly prove: Prove<AssertionCredential, BegunSso>
}

export type PageDependencies = Omit<AddPasskeyDependencies, 'cookies' | 'pageStepsOf'> & {
  readonly issuer: string
  /** The steps in a flow; `formerToken` is what the browser's cookie held before. */
  readonly pageStepsOf: (
    flowId: string,
    formerToken: string | undefined,
  ) => Steps & ReturnType<AddPasskeyDependencies['pageStepsOf']>
}

/** What only the scripts of our pages call: a sign-in with a passkey, and new passkeys. */
export function createPageHandler(dependencies: PageDependencies): Handler {
  const { issuer } = dependencies
  const cookies = createCookies(issuer)
  const addPasskey = createAddPasskey({ ...dependencies, cookies })
  const signIn = createSignIn(dependencies, cookies)
  return async (event) => {
    if (!isSameOrigin(event, issuer)) return oauthError(crossSite, failed('cross_site'))
    const body = readJsonBody(event)
    if (!body.ok) return oauthError(bodyError(body.failure), failed(body.failure.reason))

    return event.routeKey === 'POST /sign-in/passkey' ? signIn(event, body.value) : addPasskey(event, body.value)
  }
}

/** POST /sign-in/passkey: a challenge, then where the browser goes on. */
function createSignIn({ flows, pageStepsOf }: PageDependencies, cookies: Cookies) {
  return async (event: APIGatewayProxyEventV2, body: Body): Promise<ApiResponse> => {
    const flow = await flows.find(readString(body, 'flow') ?? '', cookies.read(event, 'flow'))
    if (!flow) return goTo('/sign-in', failed('unknown_flow'))

    const steps = pageStepsOf(flow.id, cookies.read(event, 'sso'))
    return Object.hasOwn(body, 'credential')
      ? prove(body, flow, steps, { cookies, deviceToken: cookies.read(event, 'device') })
      : ask(body, flow, steps)
  }
}

async function ask(body: Body, flow: OpenFlow, { askForPasskey }: Steps): Promise<ApiResponse> {
  const step = readString(body, 'step')
  const client_id = flow.client.id
  if (step === undefined) {
    const begun = await askForPasskey.begin({ clientId: client_id, rememberDevice: body['keep'] === true })
    return challenge(begun, client_id)
  }
  const asked = await askForPasskey.goOn(step)
  return asked.ok ? challenge(asked.value, client_id) : goTo(signInOf(flow), failed(asked.failure.reason))
}

const challenge = (
  { authSession, options }: Awaited<ReturnType<AskForPasskey['begin']>>,
  client_id: string,
): ApiResponse => ({
  status: 200,
  body: { step: authSession, options },
  audit: { event: 'passkey_challenge', outcome: 'success', client_id },
})

type Browser = { readonly cookies: Cookies; readonly deviceToken: string | undefined }

async function prove(
  body: Body,
  flow: OpenFlow,
  { prove }: Steps,
  { cookies, deviceToken }: Browser,
): Promise<ApiResponse> {
  const step = readString(body, 'step')
  const credential = readCredential(body['credential'])
  if (step === undefined || !credential.ok || credential.value.kind !== 'assertion')
    return oauthError(malformed, failed('malformed_credential'))
  const progress = await prove({ authSession: step, evidence: credential.value, deviceToken })
  if (!progress.ok) {
    const { reason, sub } = progress.failure
    return oauthError(assertionError(progress.failure), { ...failed(reason), ...(sub !== undefined && { sub }) })
  }
  // A passkey is all that anybody can be asked for.
  if ('next' in progress.value) throw new Error('A passkey did not complete a sign-in.')
  const { account } = progress.value
  const about = { sub: account.sub, client_id: flow.client.id, reason: 'passkey' }
  const set = signInCookies(cookies, progress.value)
  return goTo(`/consent?flow=${flow.token}`, { event: 'authn_login_success', outcome: 'success', ...about }, set)
}

const signInOf = ({ token }: OpenFlow): string => `/sign-in?flow=${token}`

const crossSite = { status: 403, error: 'invalid_request', description: 'Only our own pages send this.' }
const malformed = invalidRequest('step must be a string, and credential what navigator.credentials.get returned.')

const failed = (reason: string): Audit => ({ event: 'authn_login_fail', outcome: 'failure', reason })
