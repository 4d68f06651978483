import { readRouteRules } from '../../domain/scopes/route-rules.ts'
import { flag, issuerUrl, text } from './environment.ts'

/** Of both authorizers. A file of its own, because theirs is the bundle that must be small. */
export const authorizerVariables = {
  ISSUER: issuerUrl,
  AUDIENCE: text,
  JWKS: text,
  ROUTE_RULES: readRouteRules,
  WEBSOCKET_QUERY_TOKEN: flag,
}
