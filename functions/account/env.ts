import { words } from '../adapters/environment/environment.ts'
import { pageVariables, sessionVariables, tableVariables } from '../adapters/environment/variables.ts'

/** `ACCOUNT_PAGES` are the pages that there are besides the overview. */
export const accountEnv = { ...tableVariables, ...sessionVariables, ...pageVariables, ACCOUNT_PAGES: words }
export type AccountEnvName = keyof typeof accountEnv
