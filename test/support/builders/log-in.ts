import type { LoggedIn } from '../../../functions/domain/sign-in/complete-log-in.ts'
import type { Progress } from '../../../functions/domain/sign-in/log-in.ts'

/** Of a log-in that asks for nothing but the password. */
export const passwordOnly = { SECOND_FACTOR: 'off', MAIL_FUNCTION: null } as const

const unexpected = async () => {
  throw new Error('There are no second factors in this test.')
}

/** The later steps of a log-in that has none. */
export const noSteps = { prove: unexpected, mailFactorCode: unexpected }

/** A log-in that is complete. @throws Error for one that is not. */
export function complete(progress: Progress): LoggedIn {
  if ('authSession' in progress) throw new Error('The log-in is not complete.')
  return progress
}
