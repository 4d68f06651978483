import type { AccountStore } from '../accounts/account.ts'
import { unknownSubject } from '../accounts/subject.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { Clock } from '../clock.ts'
import type { AssertionCredential } from '../factors/credential.ts'
import { newChallenge, requestOptions } from '../factors/passkey-options.ts'
import { verifyAssertion } from '../factors/passkeys.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { SessionStore } from '../sessions/session.ts'
import type { AuthSession, AuthSessions } from './auth-session.ts'
import type { RelyingParty } from './enrolment/enrol-passkey.ts'
import { countWrong, factorPauses, refuse } from './factor-attempts.ts'
import type { FactorStore, FindCredentials, PasskeyStore } from './factor-store.ts'
import { type FactorRules, nextStepFor } from './next-step.ts'
import type { FindClaimant, ProofFailure, Proved, VerifyEvidence } from './prove.ts'

/** What the browser asks a passkey with, and the auth session that the answer belongs to. */
type Challenge = { readonly authSession: string; readonly options: ReturnType<typeof requestOptions> }

/** What a log-in that begins with a passkey asks for. */
export type PasskeyLogIn = Pick<AuthSession, 'clientId' | 'scope' | 'rememberDevice'>

type ChallengeFailure = {
  readonly reason: 'unknown_auth_session' | 'unexpected_step' | 'user_gone'
  readonly sub?: string | undefined
}

/** Asks for a passkey: as the only proof of a log-in that begins, or as the next of one that goes on. */
export type AskForPasskey = {
  readonly begin: (logIn: PasskeyLogIn) => Promise<Challenge>
  readonly goOn: (authSession: string) => Promise<Result<Challenge, ChallengeFailure>>
}

type AskDependencies = {
  readonly authSessions: Pick<AuthSessions, 'open' | 'setChallenge'>
  readonly accounts: Pick<AccountStore, 'findAccount'>
  readonly findCredentials: FindCredentials
  readonly factorRules: FactorRules
  readonly rpId: string
  readonly randomBytes: (count: number) => Uint8Array
  readonly clock: Clock
}

export function createAskForPasskey(dependencies: AskDependencies): AskForPasskey {
  const { authSessions, accounts, findCredentials, factorRules, rpId, randomBytes, clock } = dependencies
  return {
    begin: async (logIn) => {
      const { challenge, challengeHash } = newChallenge(randomBytes)
      const session = { ...logIn, proved: [], authTime: Math.floor(clock()), challenge: challengeHash }
      // Nobody is named, so nothing tells who has a passkey (REQ-174).
      return { authSession: await authSessions.open(session), options: requestOptions({ rpId, challenge }) }
    },
    goOn: async (authSession) => {
      const { challenge, challengeHash } = newChallenge(randomBytes)
      const session = await authSessions.setChallenge(authSession, challengeHash)
      if (!session) return fail({ reason: 'unknown_auth_session' })
      if (!session.account) return succeed({ authSession, options: requestOptions({ rpId, challenge }) })
      const { sub } = session.account
      const [account, { factors }] = await allSettledThenThrow([accounts.findAccount(sub), findCredentials(sub)])
      if (!account) return fail({ reason: 'user_gone', sub })
      const next = nextStepFor(account, factors, session.proved, factorRules)
      if (next.kind !== 'prove' || !next.factors.includes('passkey')) return fail({ reason: 'unexpected_step', sub })
      return succeed({ authSession, options: requestOptions({ rpId, challenge, allow: factors.passkeys }) })
    },
  }
}

type ClaimantDependencies = {
  readonly passkeyStore: Pick<PasskeyStore, 'findOwner'>
  readonly sessions: Pick<SessionStore, 'readEpoch'>
  readonly accounts: Pick<AccountStore, 'findAccount'>
  readonly findCredentials: FindCredentials
}

/**
 * Whose passkey it is. The epoch is read before account and passkeys, as at every log-in. A passkey that nobody has makes
 * the same calls, against keys that do not exist.
 */
export function createFindClaimant(dependencies: ClaimantDependencies): FindClaimant<AssertionCredential> {
  const { passkeyStore, sessions, accounts, findCredentials } = dependencies
  return async ({ id }) => {
    const owner = await passkeyStore.findOwner(id)
    const sub = owner ?? unknownSubject
    const epoch = await sessions.readEpoch(sub)
    if (owner !== undefined) return { sub: owner, epoch }
    await allSettledThenThrow([accounts.findAccount(sub), findCredentials(sub)])
    return undefined
  }
}

type VerifyDependencies = {
  readonly passkeyStore: PasskeyStore
  readonly factorStore: Pick<FactorStore, 'countFailure'>
  readonly relyingParty: RelyingParty
  readonly clock: Clock
}

/**
 * Verifies what a passkey has signed. Alone it cannot be guessed, so nothing is counted and no lock of the factors keeps its
 * owner out; after a password it counts as they all do.
 */
export function createVerifyPasskey({
  passkeyStore,
  factorStore,
  relyingParty: { rpId, origins },
  clock,
}: VerifyDependencies): VerifyEvidence<AssertionCredential> {
  const wrong = { reason: 'wrong_passkey' } as const
  return async ({ account: { sub }, factors, session }, credential): Promise<Result<Proved, ProofFailure>> => {
    const now = Math.floor(clock())
    const isAlone = session.account === undefined
    const isWrong = async () => (isAlone ? fail(wrong) : countWrong(sub, wrong, now, factorStore))
    const passkey = factors.passkeys.find(({ id }) => id === credential.id)
    const { challenge: challengeHash } = session
    if (!passkey || challengeHash === undefined) return isWrong()
    const asserted = await verifyAssertion({ credential, passkey, isDiscovered: isAlone, challengeHash, rpId, origins })
    if (!asserted.ok) return isWrong()
    const use = { ...asserted.value, lastUsedAt: now }
    if (isAlone) {
      const isUsed = await passkeyStore.useAlone(sub, passkey, { ...use, by: session.id })
      return isUsed ? succeed({ proof: 'passkey' }) : fail(wrong)
    }
    const { version } = factors
    const used = await passkeyStore.useAsSecond({ sub, version }, passkey, use, factorPauses)
    return used.ok ? succeed({ proof: 'passkey' }) : refuse(used.failure, sub, wrong, now, factorStore)
  }
}
