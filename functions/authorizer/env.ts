import { authorizerVariables } from '../adapters/environment/authorizer-variables.ts'

export const authorizerEnv = authorizerVariables
export type AuthorizerEnvName = keyof typeof authorizerEnv
