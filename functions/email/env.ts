import { text } from '../adapters/environment/environment.ts'
import {
  pageVariables,
  secondFactorVariables,
  sessionVariables,
  tableVariables,
  throttleVariables,
} from '../adapters/environment/variables.ts'

/** `MAIL_FUNCTION` is the function that mails. */
export const emailEnv = {
  ...tableVariables,
  ...sessionVariables,
  ...throttleVariables,
  ...secondFactorVariables,
  ...pageVariables,
  MAIL_FUNCTION: text,
}
export type EmailEnvName = keyof typeof emailEnv
