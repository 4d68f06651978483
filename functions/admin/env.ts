import { issuerUrl, optional, text, words } from '../adapters/environment/environment.ts'
import { clientVariables, policyVariables, tableVariables } from '../adapters/environment/variables.ts'

/** `MAIL_FUNCTION` is the function that mails, or a dash. */
export const adminEnv = {
  ...tableVariables,
  ...policyVariables,
  ...clientVariables,
  SCOPES: words,
  MAIL_FUNCTION: optional,
  ISSUER: issuerUrl,
  AUDIENCE: text,
}
export type AdminEnvName = keyof typeof adminEnv
