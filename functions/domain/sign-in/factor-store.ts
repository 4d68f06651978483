import type { Factors } from '../factors/factors.ts'
import type { Passkey } from '../factors/passkeys.ts'
import type { StoredPassword } from '../passwords/password-store.ts'
import type { Result } from '../result.ts'
import type { Pauses } from '../throttling/throttle.ts'

/** Password and second factors of an account, read together. */
export type StoredCredentials = { readonly password: StoredPassword | undefined; readonly factors: Factors }

/** Reads what an account can prove. Strongly consistent, one call. */
export type FindCredentials = (sub: string) => Promise<StoredCredentials>

/** Whose factors, as they were read: a write fails where one was added or removed since. */
type FactorsOf = { readonly sub: string; readonly version: number }

/**
 * Why a right proof does not count: it was used before or the factors are others by now (`used`), or too many wrong ones
 * came before it; `until` is a NumericDate.
 */
export type FactorRefusal = { readonly reason: 'used' } | { readonly reason: 'locked'; readonly until: number }

/** What a passkey said of itself when it was used. */
export type PasskeyUse = Pick<Passkey, 'counter' | 'backedUp' | 'lastUsedAt'>

/**
 * Where second factors are used. Each use is one atomic write that also asks whether the factors are locked, and so is
 * each failure: of any number of guesses at once no more count, and no more are answered, than one after the other.
 */
export type FactorStore = {
  /**
   * Uses a time step, which must be later than any that was used. Forgets the failures. `by` is the auth session: a second
   * try, after a response that got lost, finds the first one's work.
   */
  readonly useTotpStep: (
    factors: FactorsOf,
    use: { readonly step: number; readonly by: string },
    now: number,
    pauses: Pauses,
  ) => Promise<Result<void, FactorRefusal>>
  /** Uses up a recovery code, given by its hash. Forgets the failures. */
  readonly useRecoveryCode: (
    factors: FactorsOf,
    hash: string,
    now: number,
    pauses: Pauses,
  ) => Promise<Result<void, FactorRefusal>>
  /** Counts a wrong proof. `until`, and nothing counted, where the factors are locked. */
  readonly countFailure: (sub: string, now: number, pauses: Pauses) => Promise<Result<void, { readonly until: number }>>
}

/** Where passkeys are used: in functions of their own. */
export type PasskeyStore = {
  /** The subject of a passkey. */
  readonly findOwner: (id: string) => Promise<string | undefined>
  /** Notes a use as a second factor. Forgets the failures. Fails where the passkey is not as it was read. */
  readonly useAsSecond: (
    factors: FactorsOf,
    passkey: Passkey,
    use: PasskeyUse,
    pauses: Pauses,
  ) => Promise<Result<void, FactorRefusal>>
  /**
   * Notes a use as the only proof, which nobody can guess. False where the passkey is not as it was read. `by` is the auth
   * session: a second try, after a response that got lost, finds the first one's work.
   */
  readonly useAlone: (sub: string, passkey: Passkey, use: PasskeyUse & { readonly by: string }) => Promise<boolean>
}
