import type { SessionsEnvName } from '../../../functions/sessions/env.ts'
import { sessionLimits, tableName } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

export const spec = defineFunction<SessionsEnvName>({
  name: 'sessions',
  description: '/sessions: the sessions of the caller, to see and to end',
  timeout: 20,
  environment: (parts) => ({ ...tableName(parts), ...sessionLimits(parts.settings) }),
  table: { Query: ['sessions'], UpdateItem: ['sessions'], DeleteItem: ['sessions'] },
  routes: [
    { method: 'GET', path: '/sessions' },
    { method: 'DELETE', path: '/sessions' },
    { method: 'DELETE', path: '/sessions/{id}' },
  ],
  counts: ['Faults'],
})
