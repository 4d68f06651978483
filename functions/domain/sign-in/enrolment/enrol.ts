import { countOf, type Factors } from '../../factors/factors.ts'
import { newRecoveryCodes } from '../../factors/recovery-codes.ts'
import { fail, type Result, succeed } from '../../result.ts'
import type { Tokens } from '../../sessions/start-session.ts'
import type { AuthSessions } from '../auth-session.ts'
import type { CompleteLogIn, LoggedIn } from '../complete-log-in.ts'
import type { FindCredentials } from '../factor-store.ts'
import type { Proof } from '../next-step.ts'
import type { Told } from '../told.ts'
import type { EnrolmentRefusal, FactorChange } from './enrolment-store.ts'
import type { Holder } from './find-holder.ts'

/** `recoveryCodes` come with the first factor, and are shown this once. `loggedIn` where a log-in waited for the factor. */
export type Enrolled<Started = Tokens> = {
  readonly recoveryCodes: readonly string[] | undefined
  readonly loggedIn: LoggedIn<Started> | undefined
  readonly told: Told
}

/** Tells the owner that the factor is there: whatever comes of the log-in that waited for it. */
export type TellOfFactor = () => Promise<Told>

export type EnrolFailure = EnrolmentRefusal | { readonly reason: 'unknown_auth_session' | 'too_many_passkeys' }

/** Adds a factor to those of the account; `recoveryCodes` are hashes. */
type AddFactor = (
  change: FactorChange & { readonly recoveryCodes: readonly string[] | undefined },
) => Promise<Result<void, EnrolmentRefusal>>

/** Stores a factor that was confirmed, and completes the log-in that waited for it. */
export type Enrol<Started = Tokens> = (
  holder: Holder,
  proof: Proof,
  add: AddFactor,
  tell: TellOfFactor,
) => Promise<Result<Enrolled<Started>, EnrolFailure>>

type Dependencies<Started> = {
  readonly findCredentials: FindCredentials
  readonly authSessions: Pick<AuthSessions, 'end'>
  readonly completeLogIn: CompleteLogIn<Started>
  readonly randomBytes: (count: number) => Uint8Array
}

/** Of one account. */
export const maxPasskeys = 20

const maxTries = 3

export function createEnrol<Started = Tokens>(dependencies: Dependencies<Started>): Enrol<Started> {
  const { findCredentials, authSessions, completeLogIn, randomBytes } = dependencies
  const store = async (
    holder: Holder,
    factors: Factors,
    proof: Proof,
    add: AddFactor,
    tries = maxTries,
  ): Promise<Result<readonly string[] | undefined, EnrolFailure>> => {
    const { account, epoch } = holder
    if (proof === 'passkey' && factors.passkeys.length >= maxPasskeys) return fail({ reason: 'too_many_passkeys' })
    const first = countOf(factors) === 0 ? newRecoveryCodes(randomBytes) : undefined
    const change = { sub: account.sub, epoch, version: factors.version, recoveryCodes: first?.hashes }
    const added = await add(change)
    if (added.ok) return succeed(first?.codes)
    // Another factor was added or removed meanwhile.
    if (added.failure.reason !== 'factors_changed' || tries === 1) return added
    const { factors: present } = await findCredentials(account.sub)
    // Who has proved no factor, because there was none, must prove this one first.
    if (countOf(holder.factors) === 0 && countOf(present) > 0) return added
    return store(holder, present, proof, add, tries - 1)
  }
  return async (holder, proof, add, tell) => {
    const stored = await store(holder, holder.factors, proof, add)
    if (!stored.ok) return stored
    const told = await tell()
    const { account, epoch, logIn } = holder
    const enrolled = (loggedIn?: LoggedIn<Started>) => succeed({ recoveryCodes: stored.value, loggedIn, told })
    if (!logIn) return enrolled()
    if (!(await authSessions.end(logIn))) return fail({ reason: 'unknown_auth_session' })
    const proved = [...logIn.proved, proof]
    const completed = await completeLogIn({ ...logIn, proved, account, epoch, deviceToken: undefined })
    return completed.ok ? enrolled(completed.value) : completed
  }
}
