import type { Clock } from '../domain/clock.ts'

/** The present time, with fractions of a second. */
export const clock: Clock = () => Date.now() / 1000

/** The present time in whole seconds, as tokens state it. */
export const seconds: Clock = () => Math.floor(Date.now() / 1000)
