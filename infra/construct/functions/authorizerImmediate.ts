import type { AuthorizerImmediateEnvName } from '../../../functions/authorizerImmediate/env.ts'
import { authorizing, tableName } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'
import { authorizerAlarms } from './authorizer.ts'

export const spec = defineFunction<AuthorizerImmediateEnvName>({
  name: 'authorizerImmediate',
  id: 'authorizer',
  description: 'Admits requests with a good access token of a session that is alive, and no others',
  provides: 'authorizer',
  isWanted: ({ revocation }) => revocation === 'immediate',
  // Three tries of DynamoDB, twice, and still before API Gateway gives up.
  timeout: 9,
  environment: (parts) => ({ ...tableName(parts), ...authorizing(parts) }),
  table: { GetItem: ['sessions'] },
  counts: ['RefusedTokens', 'UnauthorizedByError'],
  alarms: authorizerAlarms,
  isOnMostPaths: true,
})
