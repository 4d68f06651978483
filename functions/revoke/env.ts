import { tableVariables } from '../adapters/environment/variables.ts'

export const revokeEnv = tableVariables
export type RevokeEnvName = keyof typeof revokeEnv
