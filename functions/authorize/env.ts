import { text, words } from '../adapters/environment/environment.ts'
import {
  documentVariables,
  pageVariables,
  secondFactorVariables,
  sessionVariables,
  signInLinkVariables,
  tableVariables,
} from '../adapters/environment/variables.ts'

export const authorizeEnv = {
  ...tableVariables,
  ...sessionVariables,
  ...documentVariables,
  ...pageVariables,
  ...signInLinkVariables,
  ...secondFactorVariables,
  AUDIENCE: text,
  JWKS: text,
  SCOPES: words,
}
export type AuthorizeEnvName = keyof typeof authorizeEnv
