import { issuerUrl, text, words } from '../adapters/environment/environment.ts'
import { clientVariables, tableVariables } from '../adapters/environment/variables.ts'

export const clientsEnv = { ...tableVariables, ...clientVariables, ISSUER: issuerUrl, AUDIENCE: text, SCOPES: words }
export type ClientsEnvName = keyof typeof clientsEnv
