import { authenticatingVariables, issuingVariables, policyVariables } from '../adapters/environment/variables.ts'

export const passwordEnv = { ...issuingVariables, ...authenticatingVariables, ...policyVariables }
export type PasswordEnvName = keyof typeof passwordEnv
