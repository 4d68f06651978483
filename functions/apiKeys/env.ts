import { issuerUrl, text, words } from '../adapters/environment/environment.ts'
import { sessionVariables, tableVariables } from '../adapters/environment/variables.ts'

export const apiKeysEnv = {
  ...tableVariables,
  ...sessionVariables,
  ISSUER: issuerUrl,
  AUDIENCE: text,
  JWKS: text,
  SCOPES: words,
}
export type ApiKeysEnvName = keyof typeof apiKeysEnv
