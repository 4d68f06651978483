import type { ApiKeysEnvName } from '../../../functions/apiKeys/env.ts'
import { sessionLimits, tableName, verifying, words } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

const open = 'It verifies access tokens itself, because it also reads the session and sends challenges of its own.'

export const spec = defineFunction<ApiKeysEnvName>({
  name: 'apiKeys',
  description: '/api-keys: the API keys of the caller, to see, create and revoke',
  timeout: 10,
  environment: (parts) => ({
    ...tableName(parts),
    ...verifying(parts),
    ...sessionLimits(parts.settings),
    SCOPES: words(parts.settings.scopes),
  }),
  table: {
    GetItem: ['accounts', 'sessions', 'apiKeyLists'],
    // Whether there is a second factor.
    exists: ['secrets'],
    Query: ['sessions'],
    PutItem: ['apiKeys', 'apiKeyLists', 'sessions'],
    UpdateItem: ['apiKeyLists'],
    ConditionCheckItem: ['sessions'],
    DeleteItem: ['apiKeys', 'sessions'],
  },
  routes: [
    { method: 'GET', path: '/api-keys', open },
    { method: 'POST', path: '/api-keys', open },
    { method: 'DELETE', path: '/api-keys/{id}', open },
  ],
  counts: ['Faults'],
  isRarelyCalled: true,
})
