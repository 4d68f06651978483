import { flag, issuerUrl, text, words } from '../adapters/environment/environment.ts'
import { secondFactorVariables } from '../adapters/environment/variables.ts'

export const discoveryEnv = {
  ISSUER: issuerUrl,
  JWKS: text,
  SCOPES: words,
  SIGN_IN_PAGES: flag,
  ...secondFactorVariables,
}
export type DiscoveryEnvName = keyof typeof discoveryEnv
