import { text } from '../adapters/environment/environment.ts'
import {
  authenticatingVariables,
  issuingVariables,
  noticeVariables,
  pageVariables,
  secondFactorVariables,
} from '../adapters/environment/variables.ts'

/** `FACTOR_KEY_ID` is the KMS key of secrets; `SERVICE_NAME` is also what authenticator apps show. */
export const factorsEnv = {
  ...issuingVariables,
  ...authenticatingVariables,
  ...noticeVariables,
  ...secondFactorVariables,
  ...pageVariables,
  JWKS: text,
  FACTOR_KEY_ID: text,
}
export type FactorsEnvName = keyof typeof factorsEnv
