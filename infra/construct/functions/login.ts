import type { LoginEnvName } from '../../../functions/login/env.ts'
import { authenticating, issuing, mailFunction, words } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

export const spec = defineFunction<LoginEnvName>({
  name: 'login',
  description: 'POST /login: credentials in, the tokens of a new session out',
  hashesPasswords: true,
  timeout: 10,
  environment: (parts) => ({
    ...issuing(parts),
    ...authenticating(parts.settings),
    ...mailFunction(parts),
    CLIENTS: words(parts.settings.clients),
    MIGRATE_FUNCTION: parts.invoked.migration?.functionName ?? '-',
  }),
  table: {
    GetItem: ['accounts', 'secrets', 'sessions', 'identifiers'],
    Query: ['sessions'],
    PutItem: ['sessions', 'devices'],
    // The hash of an imported account is replaced at its first log-in.
    UpdateItem: ['secrets', 'throttle', 'logKey', 'devices'],
    DeleteItem: ['sessions', 'throttle', 'devices'],
  },
  signs: true,
  invokes: ['migration', 'mail'],
  routes: [
    {
      method: 'POST',
      path: '/login',
      open: 'Before the log-in there is no token.',
      // Each costs a password hash. The burst is for the morning, when everyone comes at once.
      limit: { rate: 100, burst: 500 },
    },
  ],
  counts: ['LoginAttempts', 'LoginFailures', 'LoginLocks', 'WrongPasswords', 'UnknownNames', 'Faults'],
  alarms: [{ id: 'LoginErrors', on: 'errors', says: 'Log-in crashed or ran out of time.' }],
  isOnMostPaths: true,
})
