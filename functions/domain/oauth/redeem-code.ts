import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { Client } from '../clients/client.ts'
import { isRegistered } from '../clients/redirect-uri.ts'
import { fail, type Result, succeed } from '../result.ts'
import { findResource, scopeWithin, type Targets } from '../scopes/resources.ts'
import { withIdentity } from '../scopes/scope.ts'
import { newFamily, type RandomBytes, sessionIdOf } from '../sessions/refresh-token.ts'
import type { SessionStore } from '../sessions/session.ts'
import type { SsoSessions } from '../sessions/sso-session.ts'
import type { StartSession, Tokens } from '../sessions/start-session.ts'
import type { IssueIdToken } from '../tokens/id-token.ts'
import { type AuthorizationCodes, type CodeGrantee, type CodeProof, challengeOf } from './authorization-code.ts'
import type { FindConsent } from './consent.ts'

/** `redirectUri`, `codeVerifier` and `resource` are undefined where the request does not name them. */
export type RedeemRequest = {
  readonly client: Client
  readonly code: string
  readonly redirectUri: string | undefined
  readonly codeVerifier: string | undefined
  readonly resource?: string | undefined
}

/** The tokens of a new session. There is a refresh token where the client may refresh, an ID token with `openid`. */
type Redeemed = Omit<Tokens, 'refreshToken'> & {
  readonly refreshToken: string | undefined
  readonly idToken: string | undefined
  readonly sub: string
  readonly sessionId: string
}

type Owner = { readonly sub: string; readonly sessionId: string }

export type RedeemFailure =
  | { readonly reason: 'malformed_verifier' | 'unknown_resource' | 'wrong_code' | 'unauthorized_client' }
  | ({ readonly reason: 'code_reused' | 'session_ended' | 'wrong_resource' | Withdrawn } & Owner)

type Withdrawn = 'client_withdrawn' | 'resource_withdrawn' | 'consent_withdrawn'

export type RedeemCode = (request: RedeemRequest) => Promise<Result<Redeemed, RedeemFailure>>

type Dependencies = {
  readonly codes: Pick<AuthorizationCodes, 'use'>
  readonly sessions: Pick<SessionStore, 'deleteSession'>
  readonly sso: Pick<SsoSessions, 'admits' | 'bar'>
  readonly findConsent: FindConsent
  readonly startSession: StartSession
  readonly issueIdToken: IssueIdToken
  readonly randomBytes: RandomBytes
  readonly targets: Targets
}

/**
 * Exchanges an authorization code for the tokens of a new session (OAuth 2.1 section 4.1.3). The code is used up first, in
 * the name of the session that is about to begin, so that of any number of requests at once one gets tokens, and a second
 * use by someone who has all that the client has ends that session (RFC 9700 section 4.5).
 */
export function createRedeemCode(dependencies: Dependencies): RedeemCode {
  const { codes, sso, sessions, randomBytes, targets } = dependencies
  return async ({ client, code, resource, ...shown }) => {
    if (!client.grantTypes.includes('authorization_code')) return fail({ reason: 'unauthorized_client' })
    const proof = proofOf(client, shown)
    if (!proof) return fail({ reason: 'malformed_verifier' })
    const asked = findResource(resource, targets)
    if (!asked.ok) return asked
    const family = newFamily(randomBytes)
    const used = await codes.use(code, proof, sessionIdOf(family))
    if (!used) return fail({ reason: 'wrong_code' })
    if ('used' in used) {
      const { sessionId, grantee } = used.used
      // First, because the session may be about to begin, and cannot be deleted yet.
      await sso.bar(grantee.sso, sessionId)
      await sessions.deleteSession(grantee.sub, sessionId)
      return fail({ reason: 'code_reused', sub: grantee.sub, sessionId })
    }
    const { grantee } = used
    // What the person has allowed was for one resource, so the client cannot choose another one now.
    if (resource !== undefined && asked.value?.url !== grantee.resource)
      return fail({ reason: 'wrong_resource', sub: grantee.sub, sessionId: sessionIdOf(family) })
    return begin({ grantee, family, client }, dependencies)
  }
}

/** Undefined for a verifier that cannot be one: it does not even use up the code. */
function proofOf(
  { id }: Client,
  { redirectUri, codeVerifier }: Pick<RedeemRequest, 'redirectUri' | 'codeVerifier'>,
): CodeProof | undefined {
  const codeChallenge = codeVerifier === undefined ? undefined : challengeOf(codeVerifier)
  if (codeVerifier !== undefined && codeChallenge === undefined) return undefined
  return { clientId: id, redirectUri, codeChallenge }
}

type Beginning = Pick<RedeemRequest, 'client'> & {
  readonly grantee: CodeGrantee
  readonly family: Uint8Array
}

async function begin(
  { client, grantee, family }: Beginning,
  dependencies: Dependencies,
): Promise<Result<Redeemed, RedeemFailure>> {
  const { startSession, targets } = dependencies
  const { sub, sso, registration, isFirstParty, epoch, clientId, authTime, amr, groups } = grantee
  const owner = { sub, sessionId: sessionIdOf(family) }
  if (!isStill(client, grantee)) return fail({ reason: 'client_withdrawn', ...owner })
  const resource = findResource(grantee.resource, targets)
  if (!resource.ok) return fail({ reason: 'resource_withdrawn', ...owner })
  const limit = withIdentity(client.scope)
  const asked = scopeWithin(grantee.scope, resource.value).filter((token) => limit.includes(token))
  // As it was read for the code, a minute ago at most: what disables or deletes it since has raised its epoch.
  const account = { sub, scope: asked, groups, disabled: false }
  const target = resource.value && { resource: resource.value.url }
  const grant = { registration, isFirstParty, sso, ...target }
  const authentication = { authTime, amr }
  const started = await startSession({ account, epoch, clientId, asked, authentication, code: { family, grant } })
  if (!started.ok) return fail({ ...started.failure, ...owner })
  const { accessToken, refreshToken, scope } = started.value
  const idToken = await finish(grantee, { ...started.value, ...owner }, dependencies)
  if (!idToken.ok) return idToken
  const mayRefresh = client.grantTypes.includes('refresh_token')
  const tokens = { accessToken, refreshToken: mayRefresh ? refreshToken : undefined, idToken: idToken.value, scope }
  return succeed({ ...tokens, ...owner })
}

/** Whether the client is what it was when the code was issued: it was read at the start of the flow, up to an hour ago. */
const isStill = ({ registration, redirectUris, isFirstParty }: Client, grantee: CodeGrantee): boolean =>
  registration === grantee.registration &&
  isRegistered(redirectUris, grantee.redirectUri) &&
  (isFirstParty || !grantee.isFirstParty)

type Started = Owner & Pick<Tokens, 'accessToken' | 'scope'>

/**
 * After the session was stored: whatever signs the browser out, withdraws the consent or uses the code again either finds it
 * or is seen here. Without the ID token nobody gets the tokens, so the session ends then too.
 */
async function finish(
  grantee: CodeGrantee,
  { sub, sessionId, accessToken, scope }: Started,
  { sso, sessions, issueIdToken, findConsent }: Dependencies,
): Promise<Result<string | undefined, RedeemFailure>> {
  const { clientId, nonce, authTime, amr } = grantee
  const statement = { sub, clientId, sessionId, nonce, accessToken, authTime, amr }
  try {
    const [admitted, isAllowed, idToken] = await allSettledThenThrow([
      sso.admits({ id: grantee.sso, signIn: grantee.signIn }, sessionId),
      isStillAllowed(grantee, findConsent),
      scope.includes('openid') ? issueIdToken(statement) : undefined,
    ])
    if (admitted === 'yes' && isAllowed) return succeed(idToken)
    await sessions.deleteSession(sub, sessionId)
    if (!isAllowed) return fail({ reason: 'consent_withdrawn', sub, sessionId })
    // Tokens of a session that has ended, as they would be had the second use come a moment later.
    return admitted === 'barred' ? succeed(idToken) : fail({ reason: 'session_ended', sub, sessionId })
  } catch (error) {
    await sessions.deleteSession(sub, sessionId)
    throw error
  }
}

/** By that very consent: one that was given after a withdrawal is for codes of its own. */
async function isStillAllowed(
  { sub, clientId: id, registration, isFirstParty, consent }: CodeGrantee,
  findConsent: FindConsent,
): Promise<boolean> {
  if (isFirstParty) return true
  const found = await findConsent(sub, { id, registration })
  return found !== undefined && found.id === consent
}
