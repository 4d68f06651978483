import { issuerUrl, text, words } from '../adapters/environment/environment.ts'

export const discoveryEnv = {
  ISSUER: issuerUrl,
  JWKS: text,
  SCOPES: words,
}
export type DiscoveryEnvName = keyof typeof discoveryEnv
