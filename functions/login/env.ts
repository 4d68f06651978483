import { integer, issuerUrl, text, words } from '../adapters/environment/environment.ts'

export const loginEnv = {
  TABLE_NAME: text,
  SIGNING_KEY_ID: text,
  SIGNING_KID: text,
  ISSUER: issuerUrl,
  AUDIENCE: text,
  CLIENTS: words,
  SCOPES: words,
  ACCESS_TOKEN_LIFETIME: integer(60, 3600),
  ACCOUNT_FAILURES: integer(0, 50),
  ADDRESS_FAILURES: integer(0, 1_000_000),
  SESSION_IDLE_LIMIT: integer(60, 31_536_000),
  SESSION_LIMIT: integer(60, 31_536_000),
  SESSIONS_PER_USER: integer(1, 200),
}
export type LoginEnvName = keyof typeof loginEnv
