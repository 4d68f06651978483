import { flag, integer, type Parser } from '../adapters/environment/environment.ts'
import {
  addressVariables,
  clientVariables,
  documentVariables,
  issuingVariables,
  noticeVariables,
  resourceVariables,
} from '../adapters/environment/variables.ts'
import * as ranges from '../domain/setting-rules.ts'

const refreshGrace: Parser<number> = (value) =>
  value === ranges.untilUsed ? Number.POSITIVE_INFINITY : integer(ranges.refreshGrace)(value)

export const tokenEnv = {
  ...issuingVariables,
  ...clientVariables,
  ...documentVariables,
  ...addressVariables,
  ...noticeVariables,
  ...resourceVariables,
  SESSIONS_PER_USER: integer(ranges.sessionsPerUser),
  REFRESH_GRACE: refreshGrace,
  CLAIMS_AT_REFRESH: flag,
}
export type TokenEnvName = keyof typeof tokenEnv
