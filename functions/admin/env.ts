import { words } from '../adapters/environment/environment.ts'
import { policyVariables, tableVariables } from '../adapters/environment/variables.ts'

export const adminEnv = { ...tableVariables, ...policyVariables, SCOPES: words }
export type AdminEnvName = keyof typeof adminEnv
