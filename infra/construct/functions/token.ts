import type { TokenEnvName } from '../../../functions/token/env.ts'
import { clientDocumentItems } from '../auth-table.ts'
import { clientDocuments, countingByAddress, issuing, mailFunction, resources, words } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

export const spec = defineFunction<TokenEnvName>({
  name: 'token',
  description: 'POST /token: a refresh token, a code, an API key or the credentials of a machine in, tokens out',
  // Each of its calls may need all its tries, and the client must still get a response. Two are for its document and keys.
  timeout: 28,
  environment: (parts) => ({
    ...issuing(parts),
    ...countingByAddress(parts.settings),
    ...mailFunction(parts),
    ...clientDocuments(parts),
    ...resources(parts),
    CLIENTS: words(parts.settings.clients),
    SESSIONS_PER_USER: String(parts.settings.sessionsPerUser),
    REFRESH_GRACE: String(parts.settings.refreshGrace),
    CLAIMS_AT_REFRESH: String(parts.settings.claimsAtRefresh),
  }),
  table: ({ clientsByUrl }) => ({
    GetItem: ['accounts', 'sessions', 'clients', 'consents', 'ssoSessions'],
    Query: ['sessions'],
    PutItem: ['sessions', ...clientDocumentItems(clientsByUrl)],
    ConditionCheckItem: ['sessions'],
    UpdateItem: ['sessions', 'authorizationCodes', 'ssoSessions', 'clientFailures', 'jtiCodes'],
    DeleteItem: ['sessions'],
  }),
  signs: true,
  invokes: ['mail', 'claims', 'clientMetadata'],
  routes: [
    {
      method: 'POST',
      path: '/token',
      open: 'The refresh token, the code or the secret is the proof; the access token may have expired.',
    },
  ],
  counts: ['SessionRetries', 'TokenReuse', 'RefusedClients', 'Faults'],
  isOnMostPaths: true,
})
