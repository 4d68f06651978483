import type { Account, AccountStore } from '../accounts/account.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { Factors } from '../factors/factors.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { SessionEnded, Tokens } from '../sessions/start-session.ts'
import type { AuthSessionAccount, AuthSessions, OpenAuthSession } from './auth-session.ts'
import type { CompleteLogIn } from './complete-log-in.ts'
import type { FindCredentials } from './factor-store.ts'
import type { Progress } from './log-in.ts'
import { type FactorRules, nextStepFor, type Proof } from './next-step.ts'
import type { Told } from './told.ts'

/** One step of a log-in: what is proved, for the auth session that the client holds. */
type Step<Evidence> = {
  readonly authSession: string
  readonly evidence: Evidence
  /** What the client says that the device is known by. */
  readonly deviceToken?: string | undefined
  /** Tells the owner that a recovery code is used up, whatever comes of the log-in. */
  readonly tell?: (sub: string, recoveryCodesLeft: number) => Promise<Told>
}

/** Whose proof it is, read when the step began. */
export type Prover = {
  readonly account: Account
  readonly factors: Factors
  readonly epoch: number
  readonly session: OpenAuthSession
  readonly authSession: string
}

/** Why a proof does not count. `retryAfter` in seconds. */
export type ProofFailure =
  | { readonly reason: 'wrong_totp' | 'wrong_recovery_code' | 'wrong_email_code' | 'wrong_passkey' }
  | { readonly reason: 'factors_locked'; readonly retryAfter: number }

/** A proof that counts. `recoveryCodesLeft` after a recovery code. */
export type Proved = { readonly proof: Proof; readonly recoveryCodesLeft?: number | undefined }

/** Verifies evidence, once: it is used up by that. */
export type VerifyEvidence<Evidence> = (prover: Prover, evidence: Evidence) => Promise<Result<Proved, ProofFailure>>

/** Whose log-in it is, where the auth session belongs to nobody yet. */
export type FindClaimant<Evidence> = (evidence: Evidence) => Promise<AuthSessionAccount | undefined>

/** `sub` is that of the auth session, where it belongs to somebody. */
export type StepFailure = { readonly sub?: string | undefined } & (
  | ProofFailure
  | Omit<SessionEnded, 'sub'>
  | { readonly reason: 'unknown_auth_session' | 'unexpected_step' | 'user_gone' | 'user_disabled' }
)

/** `told` after a recovery code. */
type Outcome<Started> = Progress<Started> & {
  readonly session: OpenAuthSession
  readonly told: Told | undefined
}

export type Prove<Evidence, Started = Tokens> = (step: Step<Evidence>) => Promise<Result<Outcome<Started>, StepFailure>>

type Finding<Evidence> = {
  readonly accounts: Pick<AccountStore, 'findAccount'>
  readonly findCredentials: FindCredentials
  readonly findClaimant: FindClaimant<Evidence>
}

type Dependencies<Evidence, Started> = Finding<Evidence> & {
  readonly authSessions: Pick<AuthSessions, 'countStep' | 'addProof' | 'end'>
  /** What the evidence is about. */
  readonly proofOf: (evidence: Evidence) => Proof
  readonly verify: VerifyEvidence<Evidence>
  readonly completeLogIn: CompleteLogIn<Started>
  readonly factorRules: FactorRules
}

/**
 * Takes a log-in one step further. The step is counted before it is verified; one that the log-in does not ask for is
 * refused unverified. The last step ends the auth session before the tokens are made, so that of several at once one gets
 * them.
 */
export function createProve<Evidence, Started = Tokens>(
  dependencies: Dependencies<Evidence, Started>,
): Prove<Evidence, Started> {
  const { authSessions, proofOf, verify, completeLogIn, factorRules } = dependencies
  return async ({ authSession, evidence, deviceToken, tell }) => {
    const session = await authSessions.countStep(authSession)
    if (!session) return fail({ reason: 'unknown_auth_session' })
    const found = await findProver(session, authSession, evidence, dependencies)
    if (!found.ok) return found
    const { account, factors, epoch } = found.value
    const { sub } = account
    const asked = nextStepFor(account, factors, session.proved, factorRules)
    const proof = proofOf(evidence)
    if (asked.kind !== 'prove' || !asked.factors.some((each) => each === proof))
      return fail({ reason: 'unexpected_step', sub })
    const verified = await verify(found.value, evidence)
    if (!verified.ok) return fail({ ...verified.failure, sub })

    const { recoveryCodesLeft: left } = verified.value
    const told = left === undefined ? left : await tell?.(sub, left)
    const proved = [...session.proved, proof]
    const next = nextStepFor(account, factors, proved, factorRules)
    if (next.kind === 'complete') {
      if (!(await authSessions.end(session))) return fail({ reason: 'unknown_auth_session', sub })
      const completed = await completeLogIn({ ...session, proved, account, epoch, deviceToken })
      return completed.ok ? succeed({ ...completed.value, session, told }) : completed
    }
    if (!(await authSessions.addProof(session, proof))) return fail({ reason: 'unknown_auth_session', sub })
    return succeed({ account, epoch, authSession, next, session, told })
  }
}

async function findProver<Evidence>(
  session: OpenAuthSession,
  authSession: string,
  evidence: Evidence,
  { accounts, findCredentials, findClaimant }: Finding<Evidence>,
): Promise<Result<Prover, StepFailure>> {
  const claimant = session.account ?? (await findClaimant(evidence))
  if (!claimant) return fail({ reason: 'wrong_passkey' })
  const { sub, epoch } = claimant
  const [account, { factors }] = await allSettledThenThrow([accounts.findAccount(sub), findCredentials(sub)])
  if (!account) return fail({ reason: 'user_gone', sub })
  if (account.disabled) return fail({ reason: 'user_disabled', sub })
  return succeed({ account, factors, epoch, session, authSession })
}
