import { text } from '../adapters/environment/environment.ts'
import { addressVariables, pageVariables, policyVariables, tableVariables } from '../adapters/environment/variables.ts'

/** `MAIL_FUNCTION` is the function that mails. */
export const recoverEnv = {
  ...tableVariables,
  ...pageVariables,
  ...policyVariables,
  ...addressVariables,
  MAIL_FUNCTION: text,
}
export type RecoverEnvName = keyof typeof recoverEnv
