import type { AdminEnvName } from '../../../functions/admin/env.ts'
import { mailFunction, passwordPolicy, tableName, words } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

// What changes several items is one transaction, and AWS may judge each of its actions by the keys of all its items.
const written = ['accounts', 'secrets', 'sessions', 'identifiers', 'directory'] as const

const registered = ['clients', 'clientList'] as const

export const spec = defineFunction<AdminEnvName>({
  name: 'admin',
  description: 'Creates, changes, imports, exports and deletes users and clients; has no route, only IAM admits',
  provides: 'admin',
  // It imports users by the hundred.
  memory: 1024,
  timeout: 60,
  environment: (parts) => ({
    ...tableName(parts),
    ...passwordPolicy(parts.settings),
    SCOPES: words(parts.settings.scopes),
    ...mailFunction(parts),
    CLIENTS: words(parts.settings.clients),
    ISSUER: parts.issuer,
    AUDIENCE: parts.audience,
  }),
  table: {
    GetItem: ['accounts', 'secrets', 'sessions', 'identifiers', 'clients', 'apiKeyLists'],
    Query: ['accounts', 'secrets', 'sessions', 'directory', 'clientList', 'consents'],
    PutItem: [...written, ...registered],
    UpdateItem: [...written, 'recoverCodes', 'apiKeyLists'],
    ConditionCheckItem: [...written, ...registered],
    DeleteItem: [...written, ...registered, 'throttle', 'consents', 'apiKeyLists'],
  },
  invokes: ['mail'],
})
