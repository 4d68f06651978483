import { issuerUrl, text } from '../adapters/environment/environment.ts'
import {
  addressVariables,
  clientHostVariables,
  clientVariables,
  tableVariables,
} from '../adapters/environment/variables.ts'

export const revokeEnv = {
  ...tableVariables,
  ...clientVariables,
  ...clientHostVariables,
  ...addressVariables,
  ISSUER: issuerUrl,
  AUDIENCE: text,
  JWKS: text,
}
export type RevokeEnvName = keyof typeof revokeEnv
