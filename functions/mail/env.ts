import { optional, text } from '../adapters/environment/environment.ts'
import { tableVariables } from '../adapters/environment/variables.ts'

/**
 * `MAIL_HOOK` is the owner's function that writes texts, `MIGRATE_FUNCTION` the one that asks the old system. A dash means
 * that no such function exists.
 */
export const mailEnv = {
  ...tableVariables,
  MAIL_FROM: text,
  MAIL_REPLY_TO: optional,
  MAIL_CONFIGURATION_SET: text,
  SERVICE_NAME: text,
  MAIL_HOOK: optional,
  MIGRATE_FUNCTION: optional,
}
export type MailEnvName = keyof typeof mailEnv
