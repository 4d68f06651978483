import type { AuthorizerEnvName } from '../../../functions/authorizer/env.ts'
import { authorizing } from '../environment.ts'
import { type AlarmSpec, defineFunction } from '../function-spec.ts'

/** The alarms of whatever authorizes requests. */
export const authorizerAlarms: readonly AlarmSpec[] = [
  {
    id: 'AuthorizerErrors',
    on: 'errors except 401',
    says: 'The authorizer crashed or ran out of time: callers got 500.',
  },
  { id: 'AuthorizerThrottles', on: 'throttles', says: 'Lambda had no room for the authorizer: callers got 500.' },
]

export const spec = defineFunction<AuthorizerEnvName>({
  name: 'authorizer',
  description: 'Admits requests with a good access token, and no others',
  provides: 'authorizer',
  isWanted: ({ revocation }) => revocation === 'lifetime',
  // API Gateway waits 10 s for an answer.
  timeout: 5,
  environment: authorizing,
  counts: ['RefusedTokens', 'UnauthorizedByError'],
  alarms: authorizerAlarms,
  isOnMostPaths: true,
})
