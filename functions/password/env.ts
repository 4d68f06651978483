import {
  authenticatingVariables,
  issuingVariables,
  noticeVariables,
  policyVariables,
  secondFactorVariables,
} from '../adapters/environment/variables.ts'

export const passwordEnv = {
  ...issuingVariables,
  ...authenticatingVariables,
  ...secondFactorVariables,
  ...policyVariables,
  ...noticeVariables,
}
export type PasswordEnvName = keyof typeof passwordEnv
