import type { RecoverEnvName } from '../../../functions/recover/env.ts'
import { countingByAddress, mailFunction, pages, passwordPolicy, tableName } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'
import type { Settings } from '../settings/settings.ts'

const hasPages = ({ signInPages }: Settings): boolean => signInPages

const page = 'A page for browsers: a person who has forgotten the password has no token.'
const limit = { rate: 50, burst: 100 }

export const spec = defineFunction<RecoverEnvName>({
  name: 'recover',
  description: '/recover and /forgot, each with /confirm: a code by mail, and a new password for it',
  isWanted: ({ emailFrom }) => emailFrom !== undefined,
  hashesPasswords: true,
  // It ends sessions one by one.
  timeout: 20,
  environment: (parts) => ({
    ...tableName(parts),
    ...pages(parts),
    ...passwordPolicy(parts.settings),
    ...countingByAddress(parts.settings),
    ...mailFunction(parts),
  }),
  table: ({ signInPages }) => ({
    // The page shows the name that its code was asked for.
    GetItem: ['accounts', ...(signInPages ? (['recoverCodes'] as const) : [])],
    Query: ['sessions'],
    UpdateItem: ['secrets', 'sessions', 'recoverCodes', 'throttle'],
    ConditionCheckItem: ['accounts'],
    DeleteItem: ['sessions', 'recoverCodes', 'throttle'],
  }),
  invokes: ['mail'],
  routes: [
    {
      method: 'POST',
      path: '/recover',
      open: 'A person who has forgotten the password has no token.',
      limit,
    },
    {
      method: 'POST',
      path: '/recover/confirm',
      open: 'The code of the mail proves who asks.',
      limit,
    },
    { method: 'GET', path: '/forgot', isWanted: hasPages, open: page, limit },
    { method: 'POST', path: '/forgot', isWanted: hasPages, open: page, limit },
    { method: 'GET', path: '/forgot/confirm', isWanted: hasPages, open: page, limit },
    { method: 'POST', path: '/forgot/confirm', isWanted: hasPages, open: page, limit },
  ],
  counts: ['Faults'],
})
