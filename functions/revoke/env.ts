import { text } from '../adapters/environment/environment.ts'

export const revokeEnv = {
  TABLE_NAME: text,
}
export type RevokeEnvName = keyof typeof revokeEnv
