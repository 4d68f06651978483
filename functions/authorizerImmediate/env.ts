import { authorizerVariables } from '../adapters/environment/authorizer-variables.ts'
import { text } from '../adapters/environment/environment.ts'

export const authorizerImmediateEnv = { TABLE_NAME: text, ...authorizerVariables }
export type AuthorizerImmediateEnvName = keyof typeof authorizerImmediateEnv
