import { authenticatingVariables, clientVariables, issuingVariables } from '../adapters/environment/variables.ts'

export const loginEnv = { ...issuingVariables, ...authenticatingVariables, ...clientVariables }
export type LoginEnvName = keyof typeof loginEnv
