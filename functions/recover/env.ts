import { text } from '../adapters/environment/environment.ts'
import { addressVariables, policyVariables, tableVariables } from '../adapters/environment/variables.ts'

/** `MAIL_FUNCTION` is the function that mails. */
export const recoverEnv = { ...tableVariables, ...policyVariables, ...addressVariables, MAIL_FUNCTION: text }
export type RecoverEnvName = keyof typeof recoverEnv
