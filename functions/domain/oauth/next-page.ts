import { type Acr, acrOf, isAtLeast } from '../authentication.ts'
import { isPublic } from '../clients/client.ts'
import { isLoopback, isPrivateScheme } from '../clients/redirect-uri.ts'
import type { SsoSession } from '../sessions/sso-session.ts'
import type { AuthorizationError, AuthorizationRequest } from './authorization-request.ts'
import type { Flow, FlowClient } from './flow.ts'

/** What an authorization request asks for next. */
export type NextPage =
  | { readonly kind: 'sign_in' }
  /** Somebody is signed in, and a second factor is asked for besides. */
  | { readonly kind: 'step_up' }
  | { readonly kind: 'consent' }
  | { readonly kind: 'code' }
  | { readonly kind: 'error'; readonly error: AuthorizationError }

/** Who is signed in in the browser, if anybody, and what they have allowed. */
export type Situation = {
  readonly flow: Pick<Flow, 'request' | 'client' | 'createdAt' | 'formerSignIn' | 'expectedSub'>
  readonly sso: SsoSession | undefined
  /** What the account can prove at most. */
  readonly reachable: Acr
  /** What the account has said to what the client is to be granted: allowed it on the page just now, before, or not yet. */
  readonly consent: 'now' | 'before' | 'missing'
  readonly now: number
}

/**
 * The one rule of what comes next in the code flow (OpenID Connect Core section 3.1.2). With `prompt=none` nothing may be
 * shown, so what would be is an error.
 */
export function nextPage(situation: Situation): NextPage {
  const { flow, sso } = situation
  const { prompt } = flow.request
  const next = wanted(situation)
  if (next.kind === 'code' || next.kind === 'error' || !prompt.includes('none')) return next
  return { kind: 'error', error: silentError(next.kind, sso, flow.client) }
}

function wanted({ flow, sso, reachable, consent, now }: Situation): NextPage {
  const { request, client, expectedSub } = flow
  if (!sso || !isRecent(sso, flow, now)) return { kind: 'sign_in' }
  if (expectedSub !== undefined && sso.sub !== expectedSub)
    return isOfFlow(sso, flow) ? { kind: 'error', error: anotherUser } : { kind: 'sign_in' }
  const acr = acrOf(sso.amr)
  // Asked for and not demanded: who has no factor goes on without.
  if (request.acr !== undefined && !isAtLeast(request.acr, acr) && isAtLeast(request.acr, reachable))
    return { kind: 'step_up' }
  return isAllowed(request, client, consent) ? { kind: 'code' } : { kind: 'consent' }
}

/** Whether someone has signed in for this flow, or recently enough for it. */
function isRecent(sso: SsoSession, flow: Situation['flow'], now: number): boolean {
  if (isOfFlow(sso, flow)) return true
  const { prompt, maxAge } = flow.request
  if (prompt.includes('login') || prompt.includes('select_account')) return false
  return maxAge === undefined || now - sso.authTime <= maxAge
}

// Each authentication is another sign-in. One that only adds a factor keeps the time of the log-in.
const isOfFlow = (sso: SsoSession, { formerSignIn, createdAt }: Situation['flow']): boolean =>
  sso.signIn !== formerSignIn && sso.authTime >= Math.floor(createdAt)

function isAllowed(
  { prompt, redirectUri }: AuthorizationRequest,
  client: FlowClient,
  consent: Situation['consent'],
): boolean {
  if (consent === 'now') return true
  if (prompt.includes('consent') || canBeImpersonated(client, redirectUri)) return false
  return client.isFirstParty || consent === 'before'
}

/** Whether any program on the user's machine can say that it is this client (RFC 8252 section 8.6). */
export const canBeImpersonated = (client: FlowClient, redirectUri: string): boolean =>
  isPublic(client) && (isLoopback(redirectUri) || isPrivateScheme(redirectUri))

const anotherUser: AuthorizationError = { error: 'login_required', description: 'Another user has signed in.' }

function silentError(
  kind: 'sign_in' | 'step_up' | 'consent',
  sso: SsoSession | undefined,
  client: FlowClient,
): AuthorizationError {
  switch (kind) {
    case 'sign_in':
      return { error: 'login_required', description: sso ? 'The user must sign in again.' : 'Nobody is signed in.' }
    case 'step_up':
      return { error: 'login_required', description: 'The user must prove a second factor.' }
    case 'consent':
      return client.isFirstParty
        ? { error: 'interaction_required', description: 'The user must confirm this.' }
        : { error: 'consent_required', description: 'The user must allow this.' }
  }
}
