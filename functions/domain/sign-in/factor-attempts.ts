import { fail, type Result } from '../result.ts'
import { type Pauses, pausesFrom } from '../throttling/throttle.ts'
import type { FactorRefusal, FactorStore } from './factor-store.ts'
import type { ProofFailure } from './prove.ts'

/** Ten failures in a row lock the factors of an account, with the pauses that passwords have. */
export const factorPauses: Pauses = pausesFrom(10)

/** Counts a wrong proof of a factor. */
export async function countWrong(
  sub: string,
  wrong: ProofFailure,
  now: number,
  factorStore: Pick<FactorStore, 'countFailure'>,
): Promise<Result<never, ProofFailure>> {
  const counted = await factorStore.countFailure(sub, now, factorPauses)
  return fail(counted.ok ? wrong : locked(counted.failure.until, now))
}

/** Refuses a proof that was right by itself. */
export const refuse = async (
  refusal: FactorRefusal,
  sub: string,
  wrong: ProofFailure,
  now: number,
  factorStore: Pick<FactorStore, 'countFailure'>,
): Promise<Result<never, ProofFailure>> =>
  refusal.reason === 'locked' ? fail(locked(refusal.until, now)) : countWrong(sub, wrong, now, factorStore)

const locked = (until: number, now: number): ProofFailure => ({
  reason: 'factors_locked',
  retryAfter: Math.max(1, until - now),
})
