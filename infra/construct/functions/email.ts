import type { EmailEnvName } from '../../../functions/email/env.ts'
import { mailFunction, pages, secondFactor, sessionLimits, tableName, throttling } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

const limit = { rate: 50, burst: 100 }
const onPage = {
  isWanted: ({ signInPages }: { readonly signInPages: boolean }) => signInPages,
  open: 'A page for browsers, which prove who is signed in by a cookie.',
  limit,
}
const onPages = (signInPages: boolean) => (signInPages ? (['ssoSessions'] as const) : [])

export const spec = defineFunction<EmailEnvName>({
  name: 'email',
  description:
    'POST /email, /email/confirm and their pages: another e-mail address for the caller, by a code that is mailed there',
  isWanted: ({ emailFrom }) => emailFrom !== undefined,
  hashesPasswords: true,
  timeout: 10,
  environment: (parts) => ({
    ...tableName(parts),
    ...sessionLimits(parts.settings),
    ...throttling(parts.settings),
    ...secondFactor(parts.settings),
    ...mailFunction(parts),
    ...pages(parts),
  }),
  table: ({ signInPages }) => ({
    GetItem: ['accounts', 'sessions', ...onPages(signInPages)],
    Query: ['secrets'],
    PutItem: ['identifiers', 'directory'],
    UpdateItem: ['accounts', 'emailCodes', 'throttle', ...onPages(signInPages)],
    ConditionCheckItem: ['sessions'],
    DeleteItem: ['identifiers', 'directory', 'emailCodes', 'throttle'],
  }),
  invokes: ['mail'],
  routes: [
    { method: 'POST', path: '/email', limit },
    { method: 'POST', path: '/email/confirm', limit },
    { method: 'GET', path: '/account/email', ...onPage },
    { method: 'POST', path: '/account/email', ...onPage },
    { method: 'GET', path: '/account/email/confirm', ...onPage },
    { method: 'POST', path: '/account/email/confirm', ...onPage },
  ],
  counts: ['LoginLocks', 'WrongPasswords', 'Faults'],
})
