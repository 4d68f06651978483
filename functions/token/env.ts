import { integer } from '../adapters/environment/environment.ts'
import { clientVariables, issuingVariables } from '../adapters/environment/variables.ts'
import * as ranges from '../domain/setting-rules.ts'

export const tokenEnv = { ...issuingVariables, ...clientVariables, REFRESH_GRACE: integer(ranges.refreshGrace) }
export type TokenEnvName = keyof typeof tokenEnv
