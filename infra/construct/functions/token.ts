import type { TokenEnvName } from '../../../functions/token/env.ts'
import { issuing, mailFunction, viewer, words } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

export const spec = defineFunction<TokenEnvName>({
  name: 'token',
  description: 'POST /token: a refresh token in, its successor and a new access token out',
  // Each of its calls may need all its tries, and the client must still get a response.
  timeout: 20,
  environment: (parts) => ({
    ...issuing(parts),
    ...viewer(parts.settings),
    ...mailFunction(parts),
    CLIENTS: words(parts.settings.clients),
    REFRESH_GRACE: String(parts.settings.refreshGrace),
  }),
  table: { GetItem: ['accounts', 'sessions'], UpdateItem: ['sessions'], DeleteItem: ['sessions'] },
  signs: true,
  invokes: ['mail'],
  routes: [
    {
      method: 'POST',
      path: '/token',
      open: 'The refresh token is the proof; the access token may have expired.',
    },
  ],
  counts: ['SessionRetries', 'TokenReuse', 'Faults'],
  isOnMostPaths: true,
})
