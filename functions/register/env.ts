import { addressVariables, policyVariables, tableVariables } from '../adapters/environment/variables.ts'

export const registerEnv = { ...tableVariables, ...policyVariables, ...addressVariables }
export type RegisterEnvName = keyof typeof registerEnv
