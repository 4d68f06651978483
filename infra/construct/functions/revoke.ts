import type { RevokeEnvName } from '../../../functions/revoke/env.ts'
import { tableName } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

export const spec = defineFunction<RevokeEnvName>({
  name: 'revoke',
  description: 'POST /revoke: ends the session of a refresh token',
  timeout: 10,
  environment: tableName,
  table: { GetItem: ['sessions'], DeleteItem: ['sessions'] },
  routes: [
    {
      method: 'POST',
      path: '/revoke',
      open: 'The refresh token is the proof; the access token may have expired.',
    },
  ],
  counts: ['Faults'],
})
