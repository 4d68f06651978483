import { flag, issuerUrl, optional, type Parser, text, words } from '../adapters/environment/environment.ts'
import { clientHostVariables, resourceVariables, secondFactorVariables } from '../adapters/environment/variables.ts'

/** `{"<API id> <path>":"<URL>"}`. */
const resourcePaths: Parser<ReadonlyMap<string, string>> = (value) => {
  try {
    return new Map(Object.entries<string>(JSON.parse(value)))
  } catch {
    return undefined
  }
}

/** `LOGO_TYPE` is the media type of the file `logo` beside the function, or a dash. */
export const discoveryEnv = {
  ISSUER: issuerUrl,
  JWKS: text,
  SCOPES: words,
  SIGN_IN_PAGES: flag,
  LOGO_TYPE: optional,
  ...secondFactorVariables,
  ...clientHostVariables,
  ...resourceVariables,
  RESOURCE_PATHS: resourcePaths,
}
export type DiscoveryEnvName = keyof typeof discoveryEnv
