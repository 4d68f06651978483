import type { Account, AccountStore } from '../accounts/account.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { Acr } from '../authentication.ts'
import type { Clock } from '../clock.ts'
import { grantScope, withIdentity } from '../scopes/scope.ts'
import type { SessionStore } from '../sessions/session.ts'
import type { SsoSession } from '../sessions/sso-session.ts'
import type { AuthorizationCodes } from './authorization-code.ts'
import type { AuthorizationError } from './authorization-request.ts'
import { type Allowance, type Consent, type ConsentStore, covers, nameOfConsent } from './consent.ts'
import type { Flow, FlowClient } from './flow.ts'
import { type NextPage, nextPage } from './next-page.ts'
import type { OwnPage } from './own-pages.ts'

/** Who is signed in: the account as it was read, after the epoch that the SSO session was compared with. */
export type SignedIn = { readonly sso: SsoSession; readonly account: Account }

/** How far a flow has come: to a page that asks something, or to its end, which is a response to its client or a page of ours. */
export type FlowStep =
  | { readonly kind: 'sign_in' | 'step_up' }
  | {
      readonly kind: 'consent'
      readonly account: Account
      readonly scope: readonly string[]
      readonly client: FlowClient
    }
  | { readonly kind: 'code'; readonly code: string; readonly account: Account }
  | { readonly kind: 'page'; readonly page: OwnPage }
  | { readonly kind: 'error'; readonly error: AuthorizationError }
  /** A page says so, because it is not known that the redirect URI is the client's. `reason` is for the log. */
  | { readonly kind: 'refused'; readonly reason: string }

type Continuing = {
  readonly flow: Pick<Flow, 'request' | 'client' | 'createdAt' | 'formerSignIn' | 'expectedSub' | 'page'>
  readonly signedIn: SignedIn | undefined
  readonly reachable: Acr
  /** What was allowed on the page just now, by its name. */
  readonly allowed?: string | undefined
  /** Whether it was refused on the page just now. */
  readonly isDenied?: boolean
}

export type ContinueFlow = (continuing: Continuing) => Promise<FlowStep>

type Dependencies = {
  readonly consents: Pick<ConsentStore, 'findConsent' | 'addConsent'>
  /** A new random id. */
  readonly newId: () => string
  readonly codes: Pick<AuthorizationCodes, 'issue'>
  readonly clock: Clock
  /** The scopes of the service. */
  readonly scopes: readonly string[]
}

/** Takes a flow to its next page or to its end. */
export function createContinueFlow(dependencies: Dependencies): ContinueFlow {
  const { consents, codes, clock, scopes } = dependencies
  return async ({ flow, signedIn, reachable, allowed, isDenied = false }) => {
    const { request, client } = flow
    if (isDenied) return { kind: 'error', error: notAllowed }
    const now = clock()
    if (!signedIn) return withoutUser(nextPage({ flow, sso: undefined, reachable, consent: 'missing', now }))
    const { account, sso } = signedIn
    const { sub } = account
    const scope = grantScope(request.scope, withIdentity(account.scope), withIdentity(scopes))
    const asked = { sub, client, scope, resource: request.resource }
    const isAllowedNow = allowed === nameOfConsent(sub, asked)
    const before = isAllowedNow ? undefined : await findConsent(asked, consents)
    const next = nextPage({ flow, sso, reachable, consent: isAllowedNow ? 'now' : before ? 'before' : 'missing', now })
    const asking = { kind: 'consent', account, scope, client } as const
    switch (next.kind) {
      case 'sign_in':
      case 'step_up':
        return next
      case 'error':
        return client.isUnread ? asking : next
      case 'consent':
        return asking
      case 'code':
        if (client.isUnread) return asking
    }
    if (flow.page !== undefined) return { kind: 'page', page: flow.page }
    const consent = isAllowedNow ? await giveConsent(asked, Math.floor(now), dependencies) : before
    // Withdrawn at this moment.
    if (!consent && !client.isFirstParty) return asking
    const { redirectUri, codeChallenge, nonce, resource } = request
    const { id: clientId, registration, isFirstParty } = client
    const { authTime, amr, epoch } = sso
    const granted = {
      clientId,
      registration,
      isFirstParty,
      consent: consent?.id,
      redirectUri,
      codeChallenge,
      nonce,
      scope,
      groups: account.groups,
      resource,
    }
    const code = await codes.issue({ ...granted, sub, epoch, sso: sso.id, signIn: sso.signIn, authTime, amr })
    return { kind: 'code', code, account }
  }
}

const notAllowed: AuthorizationError = { error: 'access_denied', description: 'The user did not allow it.' }

type Asked = Allowance & { readonly sub: string; readonly client: Flow['client'] }

/** The consent that covers what is asked, undefined for a first-party client, which needs none. */
async function findConsent(
  { sub, client, ...asked }: Asked,
  consents: Pick<ConsentStore, 'findConsent'>,
): Promise<Consent | undefined> {
  const consent = client.isFirstParty ? undefined : await consents.findConsent(sub, client)
  return consent && covers(consent, asked) ? consent : undefined
}

/** Read again, because the id may be that of a consent before, and it may have been withdrawn at once. */
async function giveConsent(asked: Asked, now: number, { consents, newId }: Dependencies): Promise<Consent | undefined> {
  const { sub, client, scope, resource } = asked
  if (!client.isFirstParty) await consents.addConsent(sub, client, { id: newId(), scope, resource }, now)
  return findConsent(asked, consents)
}

const withoutUser = (next: NextPage): FlowStep => (next.kind === 'error' ? next : { kind: 'sign_in' })

/** Finds who is signed in in a browser. */
export type FindSignedIn = (sso: SsoSession | undefined) => Promise<SignedIn | undefined>

type FindDependencies = {
  readonly sessions: Pick<SessionStore, 'readEpoch'>
  readonly accounts: Pick<AccountStore, 'findAccount'>
}

/** What ends all sessions of an account has raised its epoch, and so has ended its SSO sessions too. */
export const createFindSignedIn =
  ({ sessions, accounts }: FindDependencies): FindSignedIn =>
  async (sso) => {
    if (!sso) return undefined
    const [epoch, account] = await allSettledThenThrow([sessions.readEpoch(sso.sub), accounts.findAccount(sso.sub)])
    return account && !account.disabled && epoch === sso.epoch ? { sso, account } : undefined
  }
