import type { LoginEnvName } from '../../../functions/login/env.ts'
import { authenticating, issuing, mailFunction, secondFactor, totpSecrets, words } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

// Where a factor is required, a code is mailed before the first one is set up.
const enrolCodes = (secondFactor: string, emailFrom: string | undefined) =>
  secondFactor === 'required' && emailFrom !== undefined ? (['enrolCodes'] as const) : []

export const spec = defineFunction<LoginEnvName>({
  name: 'login',
  description: 'POST /login: credentials in, the tokens of a new session out',
  hashesPasswords: true,
  timeout: 10,
  environment: (parts) => ({
    ...issuing(parts),
    ...authenticating(parts.settings),
    ...mailFunction(parts),
    ...secondFactor(parts.settings),
    ...totpSecrets(parts),
    CLIENTS: words(parts.settings.clients),
    MIGRATE_FUNCTION: parts.invoked.migration?.functionName ?? '-',
  }),
  table: ({ secondFactor, emailFrom }) => ({
    GetItem: ['accounts', 'secrets', 'sessions', 'identifiers'],
    Query: ['secrets', 'sessions'],
    PutItem: ['sessions', 'devices', 'loginCodes'],
    // The hash of an imported account is replaced at its first log-in.
    UpdateItem: ['secrets', 'throttle', 'logKey', 'devices', 'loginCodes', ...enrolCodes(secondFactor, emailFrom)],
    DeleteItem: ['sessions', 'throttle', 'devices', 'loginCodes'],
  }),
  signs: true,
  totpSecrets: ['decrypt'],
  invokes: ['migration', 'mail', 'claims'],
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
