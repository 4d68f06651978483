import { issuerUrl, text } from '../adapters/environment/environment.ts'
import {
  addressVariables,
  clientHostVariables,
  clientVariables,
  resourceVariables,
  tableVariables,
} from '../adapters/environment/variables.ts'

export const revokeEnv = {
  ...tableVariables,
  ...clientVariables,
  ...clientHostVariables,
  ...addressVariables,
  ...resourceVariables,
  ISSUER: issuerUrl,
  AUDIENCE: text,
  JWKS: text,
}
export type RevokeEnvName = keyof typeof revokeEnv
