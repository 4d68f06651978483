import type { PasswordEnvName } from '../../../functions/password/env.ts'
import { authenticating, issuing, mailFunction, passwordPolicy, secondFactor } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

export const spec = defineFunction<PasswordEnvName>({
  name: 'password',
  description: 'POST /password: a new password for the caller, whose sessions end',
  hashesPasswords: true,
  // It hashes two passwords, and ends sessions one by one.
  timeout: 20,
  environment: (parts) => ({
    ...issuing(parts),
    ...authenticating(parts.settings),
    ...secondFactor(parts.settings),
    ...passwordPolicy(parts.settings),
    ...mailFunction(parts),
  }),
  table: {
    GetItem: ['accounts', 'sessions'],
    Query: ['secrets', 'sessions'],
    PutItem: ['sessions'],
    UpdateItem: ['secrets', 'sessions', 'throttle'],
    DeleteItem: ['sessions', 'throttle'],
  },
  signs: true,
  invokes: ['mail'],
  routes: [{ method: 'POST', path: '/password', limit: { rate: 50, burst: 100 } }],
  counts: ['LoginLocks', 'WrongPasswords', 'Faults'],
})
