import { text } from '../adapters/environment/environment.ts'
import { sessionVariables, tableVariables, throttleVariables } from '../adapters/environment/variables.ts'

/** `MAIL_FUNCTION` is the function that mails. */
export const emailEnv = { ...tableVariables, ...sessionVariables, ...throttleVariables, MAIL_FUNCTION: text }
export type EmailEnvName = keyof typeof emailEnv
