import { integer, text } from '../adapters/environment/environment.ts'

export const sessionsEnv = {
  TABLE_NAME: text,
  SESSION_IDLE_LIMIT: integer(60, 31_536_000),
  SESSION_LIMIT: integer(60, 31_536_000),
}
export type SessionsEnvName = keyof typeof sessionsEnv
