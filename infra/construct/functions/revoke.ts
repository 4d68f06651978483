import type { RevokeEnvName } from '../../../functions/revoke/env.ts'
import { clientHosts, countingByAddress, resources, tableName, verifying, words } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

export const spec = defineFunction<RevokeEnvName>({
  name: 'revoke',
  description: 'POST /revoke: ends the session of a token',
  timeout: 10,
  environment: (parts) => ({
    ...tableName(parts),
    ...verifying(parts),
    ...resources(parts),
    ...countingByAddress(parts.settings),
    ...clientHosts(parts.settings),
    CLIENTS: words(parts.settings.clients),
  }),
  table: {
    GetItem: ['sessions', 'clients'],
    // That of a machine ends with its epoch.
    UpdateItem: ['sessions', 'clientFailures', 'jtiCodes'],
    DeleteItem: ['sessions'],
  },
  routes: [
    {
      method: 'POST',
      path: '/revoke',
      open: 'The token is the proof; an access token may have expired.',
    },
  ],
  counts: ['RefusedClients', 'Faults'],
})
