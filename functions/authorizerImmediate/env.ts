import { issuerUrl, text } from '../adapters/env.ts'

export const authorizerImmediateEnv = {
  TABLE_NAME: text,
  ISSUER: issuerUrl,
  AUDIENCE: text,
  JWKS: text,
}
export type AuthorizerImmediateEnvName = keyof typeof authorizerImmediateEnv
