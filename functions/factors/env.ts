import { text } from '../adapters/environment/environment.ts'
import {
  authenticatingVariables,
  issuingVariables,
  noticeVariables,
  secondFactorVariables,
} from '../adapters/environment/variables.ts'

/** `FACTOR_KEY_ID` is the KMS key of secrets, `SERVICE_NAME` what authenticator apps show. */
export const factorsEnv = {
  ...issuingVariables,
  ...authenticatingVariables,
  ...noticeVariables,
  ...secondFactorVariables,
  JWKS: text,
  FACTOR_KEY_ID: text,
  SERVICE_NAME: text,
}
export type FactorsEnvName = keyof typeof factorsEnv
