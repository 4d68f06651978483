import type { PasswordEnvName } from '../../../functions/password/env.ts'
import { authenticating, issuing, mailFunction, pages, passwordPolicy, secondFactor } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

const open = 'A page for browsers, which prove who is signed in by a cookie.'
const isWanted = ({ signInPages }: { readonly signInPages: boolean }) => signInPages
const onPages = (signInPages: boolean) => (signInPages ? (['ssoSessions'] as const) : [])

export const spec = defineFunction<PasswordEnvName>({
  name: 'password',
  description: 'POST /password and /account/password: a new password for the caller, whose sessions end',
  hashesPasswords: true,
  // It hashes two passwords, and ends sessions one by one.
  timeout: 20,
  environment: (parts) => ({
    ...issuing(parts),
    ...authenticating(parts.settings),
    ...secondFactor(parts.settings),
    ...passwordPolicy(parts.settings),
    ...mailFunction(parts),
    ...pages(parts),
  }),
  table: ({ signInPages }) => ({
    GetItem: ['accounts', 'sessions', ...(signInPages ? (['secrets', 'ssoSessions'] as const) : [])],
    Query: ['secrets', 'sessions'],
    PutItem: ['sessions', ...onPages(signInPages)],
    UpdateItem: ['secrets', 'sessions', 'throttle', ...onPages(signInPages)],
    DeleteItem: ['sessions', 'throttle', ...onPages(signInPages)],
  }),
  signs: true,
  invokes: ['mail', 'claims'],
  routes: [
    { method: 'POST', path: '/password', limit: { rate: 50, burst: 100 } },
    { method: 'GET', path: '/account/password', isWanted, open, limit: { rate: 50, burst: 100 } },
    { method: 'POST', path: '/account/password', isWanted, open, limit: { rate: 50, burst: 100 } },
  ],
  counts: ['LoginLocks', 'WrongPasswords', 'Faults'],
})
