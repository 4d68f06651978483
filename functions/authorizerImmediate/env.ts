import { flag, issuerUrl, text } from '../adapters/environment/environment.ts'

export const authorizerImmediateEnv = {
  TABLE_NAME: text,
  ISSUER: issuerUrl,
  AUDIENCE: text,
  JWKS: text,
  ROUTE_RULES: text,
  WEBSOCKET_QUERY_TOKEN: flag,
}
export type AuthorizerImmediateEnvName = keyof typeof authorizerImmediateEnv
