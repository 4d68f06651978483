import { flag, issuerUrl, text } from '../adapters/environment/environment.ts'

export const authorizerEnv = {
  ISSUER: issuerUrl,
  AUDIENCE: text,
  JWKS: text,
  ROUTE_RULES: text,
  WEBSOCKET_QUERY_TOKEN: flag,
}
export type AuthorizerEnvName = keyof typeof authorizerEnv
