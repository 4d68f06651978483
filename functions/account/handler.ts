import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { displayName, type FindClient } from '../domain/clients/client.ts'
import type { OwnApp, OwnApps } from '../domain/oauth/own-apps.ts'
import type { OwnSessions } from '../domain/sessions/own-sessions.ts'
import type { Session } from '../domain/sessions/session.ts'
import type { SsoSession, SsoSessions } from '../domain/sessions/sso-session.ts'
import type { Handler } from '../http/api/endpoint.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import { crossSitePage } from '../http/pages/error-page.ts'
import { type OwnPageDependencies, readOwnForm, readVisitor, signInFor } from '../http/pages/own-page.ts'
import { redirect } from '../http/pages/page.ts'
import { readFields } from '../http/pages/query.ts'
import { isSameOrigin } from '../http/pages/same-origin.ts'
import { type OverviewContext, overviewPage } from './overview.ts'

type AccountDependencies = OwnPageDependencies & {
  readonly context: OverviewContext
  readonly sso: Pick<SsoSessions, 'find' | 'end'>
  readonly ownSessions: OwnSessions<SsoSession>
  readonly ownApps: OwnApps
  readonly findClient: FindClient
}

/** The page of an account, and what its buttons end. */
export function createAccountHandler(dependencies: AccountDependencies): Handler {
  const handlers: ReadonlyMap<string, (event: APIGatewayProxyEventV2) => Promise<ApiResponse>> = new Map([
    ['GET /account', (event) => show(event, dependencies)],
    ['POST /account/sessions/end', (event) => endSession(event, dependencies)],
    ['POST /account/sessions/end-all', (event) => endAll(event, dependencies)],
    ['POST /account/apps/withdraw', (event) => withdraw(event, dependencies)],
  ])
  return async (event) => {
    const handle = handlers.get(event.routeKey)
    if (!handle) throw new Error(`Unhandled route ${event.routeKey}.`)
    return handle(event)
  }
}

async function show(event: APIGatewayProxyEventV2, dependencies: AccountDependencies): Promise<ApiResponse> {
  const { context, ownSessions, ownApps } = dependencies
  const visitor = await readVisitor(event, '/account', dependencies)
  if (!visitor.ok) return visitor.failure
  const { sso, account } = visitor.value
  const sessions = await ownSessions.list(sso)
  if (!sessions.ok) return toSignIn(failed('session_list', sessions.failure, sso))

  const apps = await ownApps.list(account.sub, sessions.value)
  const named = await withNames(sessions.value, apps, dependencies)
  const audit = { event: 'session_list', outcome: 'success', sub: account.sub } as const
  return overviewPage(context, { signedIn: visitor.value, sessions: named, apps }, audit)
}

/** The client of a session may be one of the settings, which has no name, or be gone. */
async function withNames(
  sessions: readonly Session[],
  apps: readonly OwnApp[],
  { findClient }: Pick<AccountDependencies, 'findClient'>,
) {
  const names = new Map(apps.map(({ clientId, name }) => [clientId, name]))
  const unnamed = new Set(sessions.map(({ clientId }) => clientId).filter((id) => !names.has(id)))
  const found = await Promise.all([...unnamed].map(async (id) => [id, await findClient(id)] as const))
  for (const [id, client] of found) names.set(id, client ? displayName(client) : id)
  return sessions.map((session) => ({ ...session, name: names.get(session.clientId) ?? session.clientId }))
}

async function endSession(event: APIGatewayProxyEventV2, dependencies: AccountDependencies): Promise<ApiResponse> {
  const asked = await readOwnForm(event, '/account', dependencies)
  if (!asked.ok) return asked.failure
  const { signedIn, form } = asked.value
  const id = form.get('id') ?? ''
  const ended = await dependencies.ownSessions.end(signedIn.sso, id)

  if (ended.ok) return redirect('/account', loggedOut(signedIn.sso, id))
  const audit = failed('session_logout', ended.failure, signedIn.sso)
  // One that had ended before is gone too, as it was asked for.
  return ended.failure.reason === 'unknown_session' ? redirect('/account', audit) : toSignIn(audit)
}

/**
 * Not by `readOwnForm`: after a try that failed half way the session of this browser has ended already, and the rest of them
 * is still to be deleted.
 */
async function endAll(event: APIGatewayProxyEventV2, dependencies: AccountDependencies): Promise<ApiResponse> {
  const { context, cookies, sso, ownSessions } = dependencies
  const crossSite = { event: 'account_page', outcome: 'failure', reason: 'cross_site' } as const
  if (!isSameOrigin(event, context.issuer)) return crossSitePage(context, crossSite)
  const session = await sso.find(cookies.read(event, 'sso'))
  if (!session) return signInFor('/account', 'sign_in')
  if (readFields(event).get('account') !== session.sub)
    return redirect('/account', { ...crossSite, reason: 'another_account' })

  const ended = await ownSessions.endAll(session)
  await sso.end(session.id)
  const cleared = [cookies.clear('sso')]
  if (!ended.ok) return toSignIn(failed('session_logout', ended.failure, session), cleared)
  return redirect('/logout', loggedOut(session), cleared)
}

async function withdraw(event: APIGatewayProxyEventV2, dependencies: AccountDependencies): Promise<ApiResponse> {
  const asked = await readOwnForm(event, '/account', dependencies)
  if (!asked.ok) return asked.failure
  const { sub } = asked.value.signedIn.account
  const client_id = asked.value.form.get('client') ?? ''
  const withdrawn = await dependencies.ownApps.withdraw(sub, client_id)

  const audit: Audit = withdrawn.ok
    ? { event: 'authz_consent', outcome: 'success', reason: 'withdrawn', sub, client_id }
    : { event: 'authz_consent', outcome: 'failure', reason: withdrawn.failure.reason, sub }
  return redirect('/account', audit)
}

const toSignIn = (audit: Audit, cookies: readonly string[] = []): ApiResponse =>
  redirect('/sign-in?to=/account', audit, cookies)

const loggedOut = ({ sub }: SsoSession, id?: string): Audit => ({
  event: 'session_logout',
  outcome: 'success',
  sub,
  ...(id !== undefined && { sid: id }),
})

const failed = (event: string, { reason }: { readonly reason: string }, { sub }: SsoSession): Audit => ({
  ...{ event, outcome: 'failure', reason, sub },
})
