import { integer, issuerUrl, text, words } from '../adapters/environment/environment.ts'

export const passwordEnv = {
  TABLE_NAME: text,
  SIGNING_KEY_ID: text,
  SIGNING_KID: text,
  ISSUER: issuerUrl,
  AUDIENCE: text,
  SCOPES: words,
  ACCESS_TOKEN_LIFETIME: integer(60, 3600),
  SESSION_IDLE_LIMIT: integer(60, 31_536_000),
  SESSION_LIMIT: integer(60, 31_536_000),
  SESSIONS_PER_USER: integer(1, 200),
  SERVICE_NAME: text,
  MINIMUM_PASSWORD_LENGTH: integer(8, 256),
  ACCOUNT_FAILURES: integer(0, 50),
  ADDRESS_FAILURES: integer(0, 1_000_000),
}
export type PasswordEnvName = keyof typeof passwordEnv
