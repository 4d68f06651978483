import { text } from '../adapters/environment/environment.ts'
import { tableVariables } from '../adapters/environment/variables.ts'

/** `OLD_SYSTEM` is the ARN of the owner's function that knows the old system. */
export const migrateEnv = { ...tableVariables, OLD_SYSTEM: text }
export type MigrateEnvName = keyof typeof migrateEnv
