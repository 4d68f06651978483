import { clientHostVariables } from '../adapters/environment/variables.ts'

export const clientMetadataEnv = clientHostVariables
export type ClientMetadataEnvName = keyof typeof clientMetadataEnv
