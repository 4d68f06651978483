import type { ThrottleFailure } from '../../../domain/throttling/throttle.ts'
import type { Texts } from '../texts/texts.ts'
import type { Problem } from './field.ts'

/** Why a form is shown again, and for how many seconds a new try is refused, if it is. */
export type FormProblem = { readonly problem: Problem; readonly retryAfter?: number }

/** Too many attempts, which no field is to blame for. */
export const tooMany = ({ tooManyAttempts }: Texts, { retryAfter }: ThrottleFailure): FormProblem => ({
  problem: { text: tooManyAttempts(retryAfter) },
  retryAfter,
})
