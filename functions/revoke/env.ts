import { text } from '../adapters/env.ts'

export const revokeEnv = {
  TABLE_NAME: text,
}
export type RevokeEnvName = keyof typeof revokeEnv
