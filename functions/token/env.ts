import { integer, issuerUrl, text, words } from '../adapters/environment/environment.ts'

export const tokenEnv = {
  TABLE_NAME: text,
  SIGNING_KEY_ID: text,
  SIGNING_KID: text,
  ISSUER: issuerUrl,
  AUDIENCE: text,
  CLIENTS: words,
  SCOPES: words,
  ACCESS_TOKEN_LIFETIME: integer(60, 3600),
  REFRESH_GRACE: integer(0, 60),
  SESSION_IDLE_LIMIT: integer(60, 31_536_000),
  SESSION_LIMIT: integer(60, 31_536_000),
}
export type TokenEnvName = keyof typeof tokenEnv
