import { optional, text } from '../adapters/environment/environment.ts'
import { tableVariables } from '../adapters/environment/variables.ts'

export const mailEnv = {
  ...tableVariables,
  MAIL_FROM: text,
  MAIL_REPLY_TO: optional,
  MAIL_CONFIGURATION_SET: text,
  SERVICE_NAME: text,
}
export type MailEnvName = keyof typeof mailEnv
