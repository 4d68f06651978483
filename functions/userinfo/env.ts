import { issuerUrl, text } from '../adapters/environment/environment.ts'
import { sessionVariables, tableVariables } from '../adapters/environment/variables.ts'

export const userinfoEnv = { ...tableVariables, ...sessionVariables, ISSUER: issuerUrl, AUDIENCE: text, JWKS: text }
export type UserinfoEnvName = keyof typeof userinfoEnv
