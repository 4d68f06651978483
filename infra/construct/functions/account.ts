import type { AccountEnvName } from '../../../functions/account/env.ts'
import { pages, sessionLimits, tableName, words } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'
import type { Settings } from '../settings/settings.ts'

const open = 'A page for browsers, which prove who is signed in by a cookie.'
const limit = { rate: 100, burst: 500 }

const pagesBeside = ({ emailFrom, secondFactor }: Settings): readonly string[] => [
  '/account/password',
  ...(emailFrom === undefined ? [] : ['/account/email']),
  ...(secondFactor === 'off' ? [] : ['/account/factors']),
]

export const spec = defineFunction<AccountEnvName>({
  name: 'account',
  description: '/account: the page on which people see and end their sessions and take back what they have allowed',
  isWanted: ({ signInPages }) => signInPages,
  // It ends sessions one by one.
  timeout: 20,
  environment: (parts) => ({
    ...tableName(parts),
    ...sessionLimits(parts.settings),
    ...pages(parts),
    ACCOUNT_PAGES: words(pagesBeside(parts.settings)),
  }),
  table: {
    GetItem: ['accounts', 'sessions', 'clients', 'ssoSessions'],
    Query: ['sessions', 'consents'],
    UpdateItem: ['sessions', 'ssoSessions'],
    DeleteItem: ['sessions', 'ssoSessions', 'consents'],
  },
  routes: [
    { method: 'GET', path: '/account', open, limit },
    { method: 'POST', path: '/account/sessions/end', open, limit },
    { method: 'POST', path: '/account/sessions/end-all', open, limit },
    { method: 'POST', path: '/account/apps/withdraw', open, limit },
  ],
  counts: ['Faults'],
})
