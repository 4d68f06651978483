import { integer, text, words } from '../adapters/environment/environment.ts'

export const adminEnv = {
  TABLE_NAME: text,
  SCOPES: words,
  SERVICE_NAME: text,
  MINIMUM_PASSWORD_LENGTH: integer(8, 256),
}
export type AdminEnvName = keyof typeof adminEnv
