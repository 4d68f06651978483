import type { AuthorizeEnvName } from '../../../functions/authorize/env.ts'
import { clientDocumentItems } from '../auth-table.ts'
import {
  clientDocuments,
  pages,
  resources,
  secondFactor,
  sessionLimits,
  signInLinks,
  tableName,
  verifying,
  words,
} from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

const open = 'A page or a redirect for browsers, which prove who is signed in by a cookie.'
const limit = { rate: 100, burst: 500 }

export const spec = defineFunction<AuthorizeEnvName>({
  name: 'authorize',
  description: '/authorize, /consent and /logout: the code flow of OAuth and OpenID Connect in the browser',
  isWanted: ({ signInPages }) => signInPages,
  // Of them 7 s for the document of a client.
  timeout: 20,
  environment: (parts) => ({
    ...tableName(parts),
    ...verifying(parts),
    ...sessionLimits(parts.settings),
    ...pages(parts),
    ...clientDocuments(parts),
    ...resources(parts),
    ...signInLinks(parts.settings),
    ...secondFactor(parts.settings),
    SCOPES: words(parts.settings.scopes),
  }),
  table: ({ clientsByUrl }) => ({
    GetItem: ['accounts', 'sessions', 'clients', 'consents', 'ssoSessions', 'flowCodes'],
    Query: ['sessions'],
    PutItem: ['flowCodes', 'authorizationCodes', ...clientDocumentItems(clientsByUrl)],
    // A consent is written in a transaction, and AWS may judge each of its actions by the keys of all its items.
    UpdateItem: ['accounts', 'consents', 'ssoSessions'],
    ConditionCheckItem: ['accounts', 'consents'],
    DeleteItem: ['sessions', 'ssoSessions'],
  }),
  invokes: ['clientMetadata'],
  routes: [
    { method: 'GET', path: '/authorize', open, limit },
    { method: 'POST', path: '/authorize', open, limit },
    { method: 'GET', path: '/consent', open, limit },
    { method: 'POST', path: '/consent', open, limit },
    { method: 'GET', path: '/logout', open, limit },
    { method: 'POST', path: '/logout', open, limit },
    { method: 'POST', path: '/logout/confirm', open, limit },
  ],
  counts: ['Faults'],
  alarms: [{ id: 'AuthorizeErrors', on: 'errors', says: 'The authorization endpoint crashed or ran out of time.' }],
})
