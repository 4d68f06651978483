import type { RecoverEnvName } from '../../../functions/recover/env.ts'
import { countingByAddress, mailFunction, passwordPolicy, tableName } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

export const spec = defineFunction<RecoverEnvName>({
  name: 'recover',
  description: 'POST /recover and /recover/confirm: a code by mail, and a new password for it',
  isWanted: ({ emailFrom }) => emailFrom !== undefined,
  hashesPasswords: true,
  // It ends sessions one by one.
  timeout: 20,
  environment: (parts) => ({
    ...tableName(parts),
    ...passwordPolicy(parts.settings),
    ...countingByAddress(parts.settings),
    ...mailFunction(parts),
  }),
  table: {
    GetItem: ['accounts'],
    Query: ['sessions'],
    UpdateItem: ['secrets', 'sessions', 'recoverCodes', 'throttle'],
    ConditionCheckItem: ['accounts'],
    DeleteItem: ['sessions', 'recoverCodes', 'throttle'],
  },
  invokes: ['mail'],
  routes: [
    {
      method: 'POST',
      path: '/recover',
      open: 'A person who has forgotten the password has no token.',
      limit: { rate: 50, burst: 100 },
    },
    {
      method: 'POST',
      path: '/recover/confirm',
      open: 'The code of the mail proves who asks.',
      limit: { rate: 50, burst: 100 },
    },
  ],
  counts: ['Faults'],
})
