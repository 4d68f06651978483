import { optional, words } from '../adapters/environment/environment.ts'
import { policyVariables, tableVariables } from '../adapters/environment/variables.ts'

/** `MAIL_FUNCTION` is the function that mails, or a dash. */
export const adminEnv = { ...tableVariables, ...policyVariables, SCOPES: words, MAIL_FUNCTION: optional }
export type AdminEnvName = keyof typeof adminEnv
