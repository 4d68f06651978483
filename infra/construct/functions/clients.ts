import type { ClientsEnvName } from '../../../functions/clients/env.ts'
import { tableName, words } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

const registered = ['clients', 'clientList'] as const

export const spec = defineFunction<ClientsEnvName>({
  name: 'clients',
  description: 'Puts the clients of the app into the table when the stack is deployed',
  owner: 'clients',
  timeout: 60,
  environment: (parts) => ({
    ...tableName(parts),
    CLIENTS: words(parts.settings.clients),
    ISSUER: parts.issuer,
    AUDIENCE: parts.audience,
    SCOPES: words(parts.settings.scopes),
  }),
  table: {
    GetItem: ['clients', 'sessions'],
    Query: ['clientList'],
    PutItem: registered,
    ConditionCheckItem: ['accounts'],
    // The tokens of a machine end with it.
    UpdateItem: ['sessions'],
    DeleteItem: [...registered, 'sessions'],
  },
})
