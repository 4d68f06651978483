import { optional } from '../adapters/environment/environment.ts'
import { addressVariables, pageVariables, policyVariables, tableVariables } from '../adapters/environment/variables.ts'

/** `MAIL_FUNCTION` is the function that mails, where mail is on. */
export const registerEnv = {
  ...tableVariables,
  ...pageVariables,
  ...policyVariables,
  ...addressVariables,
  MAIL_FUNCTION: optional,
}
export type RegisterEnvName = keyof typeof registerEnv
