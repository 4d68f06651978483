import { sessionVariables, tableVariables } from '../adapters/environment/variables.ts'

export const sessionsEnv = { ...tableVariables, ...sessionVariables }
export type SessionsEnvName = keyof typeof sessionsEnv
