import {
  authenticatingVariables,
  issuingVariables,
  noticeVariables,
  policyVariables,
} from '../adapters/environment/variables.ts'

export const passwordEnv = { ...issuingVariables, ...authenticatingVariables, ...policyVariables, ...noticeVariables }
export type PasswordEnvName = keyof typeof passwordEnv
