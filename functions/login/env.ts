import { optional } from '../adapters/environment/environment.ts'
import {
  authenticatingVariables,
  clientVariables,
  issuingVariables,
  noticeVariables,
  secondFactorVariables,
  totpSecretVariables,
} from '../adapters/environment/variables.ts'

/** `MIGRATE_FUNCTION` is the function that asks the old system; a dash if there is no such function. */
export const loginEnv = {
  ...issuingVariables,
  ...authenticatingVariables,
  ...clientVariables,
  ...noticeVariables,
  ...secondFactorVariables,
  ...totpSecretVariables,
  MIGRATE_FUNCTION: optional,
}
export type LoginEnvName = keyof typeof loginEnv
