import { text } from '../adapters/environment/environment.ts'
import {
  authenticatingVariables,
  clientVariables,
  issuingVariables,
  noticeVariables,
  passkeyVariables,
  secondFactorVariables,
} from '../adapters/environment/variables.ts'

export const passkeyEnv = {
  ...issuingVariables,
  ...authenticatingVariables,
  ...clientVariables,
  ...noticeVariables,
  ...secondFactorVariables,
  JWKS: text,
  ...passkeyVariables,
  SERVICE_NAME: text,
}
export type PasskeyEnvName = keyof typeof passkeyEnv
