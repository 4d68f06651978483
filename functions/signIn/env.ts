import { optional, words } from '../adapters/environment/environment.ts'
import {
  noticeVariables,
  pageVariables,
  secondFactorVariables,
  sessionVariables,
  signInLinkVariables,
  tableVariables,
  throttleVariables,
  totpSecretVariables,
} from '../adapters/environment/variables.ts'

/** `MIGRATE_FUNCTION` is the function that asks the old system; a dash if there is no such function. */
export const signInEnv = {
  ...tableVariables,
  ...sessionVariables,
  ...pageVariables,
  ...signInLinkVariables,
  ...throttleVariables,
  ...noticeVariables,
  ...secondFactorVariables,
  ...totpSecretVariables,
  SCOPES: words,
  MIGRATE_FUNCTION: optional,
}
export type SignInEnvName = keyof typeof signInEnv
