import { text } from '../adapters/environment/environment.ts'
import {
  pageVariables,
  sessionVariables,
  tableVariables,
  throttleVariables,
} from '../adapters/environment/variables.ts'

/** `MAIL_FUNCTION` is the function that mails. */
export const emailEnv = {
  ...tableVariables,
  ...sessionVariables,
  ...throttleVariables,
  ...pageVariables,
  MAIL_FUNCTION: text,
}
export type EmailEnvName = keyof typeof emailEnv
