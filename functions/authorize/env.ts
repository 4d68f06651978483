import { text, words } from '../adapters/environment/environment.ts'
import {
  documentVariables,
  pageVariables,
  resourceVariables,
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
  ...resourceVariables,
  ...signInLinkVariables,
  ...secondFactorVariables,
  AUDIENCE: text,
  JWKS: text,
  SCOPES: words,
}
export type AuthorizeEnvName = keyof typeof authorizeEnv
