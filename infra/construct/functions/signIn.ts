import type { SignInEnvName } from '../../../functions/signIn/env.ts'
import {
  mailFunction,
  pages,
  secondFactor,
  sessionLimits,
  signInLinks,
  tableName,
  throttling,
  totpSecrets,
  words,
} from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

const open = 'A page for browsers: before the sign-in there is no token.'
// Each password costs a hash. The burst is for the morning, when everyone comes at once.
const limit = { rate: 100, burst: 500 }

export const spec = defineFunction<SignInEnvName>({
  name: 'signIn',
  description: '/sign-in and /sign-in/factor: the pages on which people sign in',
  isWanted: ({ signInPages }) => signInPages,
  hashesPasswords: true,
  timeout: 10,
  environment: (parts) => ({
    ...tableName(parts),
    ...sessionLimits(parts.settings),
    ...pages(parts),
    ...signInLinks(parts.settings),
    ...throttling(parts.settings),
    ...mailFunction(parts),
    ...secondFactor(parts.settings),
    ...totpSecrets(parts),
    SCOPES: words(parts.settings.scopes),
    MIGRATE_FUNCTION: parts.invoked.migration?.functionName ?? '-',
  }),
  table: ({ secondFactor, emailFrom }) => ({
    GetItem: ['accounts', 'secrets', 'sessions', 'identifiers', 'consents', 'ssoSessions', 'flowCodes', 'signInCodes'],
    Query: ['secrets'],
    PutItem: ['ssoSessions', 'authorizationCodes', 'signInCodes', 'flowCodes', 'devices'],
    UpdateItem: [
      ...(['secrets', 'throttle', 'logKey', 'devices', 'ssoSessions', 'flowCodes', 'signInCodes'] as const),
      ...(secondFactor === 'required' && emailFrom !== undefined ? (['enrolCodes'] as const) : []),
    ],
    DeleteItem: ['throttle', 'devices', 'ssoSessions', 'signInCodes'],
  }),
  totpSecrets: ['decrypt'],
  invokes: ['migration', 'mail'],
  routes: [
    { method: 'GET', path: '/sign-in', open, limit },
    { method: 'POST', path: '/sign-in', open, limit },
    { method: 'GET', path: '/sign-in/factor', open, limit },
    { method: 'POST', path: '/sign-in/factor', open, limit },
  ],
  counts: ['LoginAttempts', 'LoginFailures', 'LoginLocks', 'WrongPasswords', 'UnknownNames', 'Faults'],
  alarms: [{ id: 'SignInErrors', on: 'errors', says: 'The sign-in pages crashed or ran out of time.' }],
  isOnMostPaths: true,
})
