import {
  authenticatingVariables,
  issuingVariables,
  noticeVariables,
  pageVariables,
  policyVariables,
  secondFactorVariables,
} from '../adapters/environment/variables.ts'

export const passwordEnv = {
  ...issuingVariables,
  ...authenticatingVariables,
  ...secondFactorVariables,
  ...policyVariables,
  ...noticeVariables,
  ...pageVariables,
}
export type PasswordEnvName = keyof typeof passwordEnv
