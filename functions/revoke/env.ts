import { issuerUrl, text } from '../adapters/environment/environment.ts'
import { clientVariables, tableVariables } from '../adapters/environment/variables.ts'

export const revokeEnv = { ...tableVariables, ISSUER: issuerUrl, AUDIENCE: text, JWKS: text, ...clientVariables }
export type RevokeEnvName = keyof typeof revokeEnv
