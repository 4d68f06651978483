import { integer, text } from '../adapters/environment/environment.ts'

export const registerEnv = {
  TABLE_NAME: text,
  SERVICE_NAME: text,
  MINIMUM_PASSWORD_LENGTH: integer(8, 256),
  ADDRESS_FAILURES: integer(0, 1_000_000),
}
export type RegisterEnvName = keyof typeof registerEnv
