import type { AuthenticateClientFrom } from '../domain/clients/authenticate-client.ts'
import { createGrantMachine, type GrantMachine } from '../domain/oauth/grant-machine.ts'
import { type TargetEnv, targetsOf } from './settings.ts'
import type { StartParts } from './start-session.ts'

type Parts = {
  readonly stores: { readonly sessions: Parameters<typeof createGrantMachine>[0]['sessions'] }
  readonly issueAccessToken: StartParts['issueAccessToken']
  readonly authenticateClient: AuthenticateClientFrom
  readonly clock: StartParts['clock']
}

/** The access tokens of machines. */
export const wireGrantMachine = (
  { stores, ...parts }: Parts,
  env: TargetEnv & { readonly SCOPES: readonly string[] },
): GrantMachine => createGrantMachine({ ...stores, ...parts, scopes: env.SCOPES, targets: targetsOf(env) })
