import type { EmailEnvName } from '../../../functions/email/env.ts'
import { mailFunction, secondFactor, sessionLimits, tableName, throttling } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

export const spec = defineFunction<EmailEnvName>({
  name: 'email',
  description: 'POST /email and /email/confirm: another e-mail address for the caller, by a code that is mailed there',
  isWanted: ({ emailFrom }) => emailFrom !== undefined,
  hashesPasswords: true,
  timeout: 10,
  environment: (parts) => ({
    ...tableName(parts),
    ...sessionLimits(parts.settings),
    ...throttling(parts.settings),
    ...secondFactor(parts.settings),
    ...mailFunction(parts),
  }),
  table: {
    GetItem: ['accounts', 'sessions'],
    Query: ['secrets'],
    PutItem: ['identifiers', 'directory'],
    UpdateItem: ['accounts', 'emailCodes', 'throttle'],
    ConditionCheckItem: ['sessions'],
    DeleteItem: ['identifiers', 'directory', 'emailCodes', 'throttle'],
  },
  invokes: ['mail'],
  routes: [
    { method: 'POST', path: '/email', limit: { rate: 50, burst: 100 } },
    { method: 'POST', path: '/email/confirm', limit: { rate: 50, burst: 100 } },
  ],
  counts: ['LoginLocks', 'WrongPasswords', 'Faults'],
})
