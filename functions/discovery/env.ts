import { flag, issuerUrl, optional, text, words } from '../adapters/environment/environment.ts'
import { clientHostVariables, secondFactorVariables } from '../adapters/environment/variables.ts'

/** `LOGO_TYPE` is the media type of the file `logo` beside the function, or a dash. */
export const discoveryEnv = {
  ISSUER: issuerUrl,
  JWKS: text,
  SCOPES: words,
  SIGN_IN_PAGES: flag,
  LOGO_TYPE: optional,
  ...secondFactorVariables,
  ...clientHostVariables,
}
export type DiscoveryEnvName = keyof typeof discoveryEnv
