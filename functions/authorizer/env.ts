import { issuerUrl, text } from '../adapters/env.ts'

export const authorizerEnv = {
  ISSUER: issuerUrl,
  AUDIENCE: text,
  JWKS: text,
}
export type AuthorizerEnvName = keyof typeof authorizerEnv
