import type { PasskeyEnvName } from '../../../functions/passkey/env.ts'
import { authenticating, issuing, mailFunction, passkeys, secondFactor, verifying, words } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'
import type { Settings } from '../settings/settings.ts'

const open =
  'It verifies access tokens itself, because it also reads the session and takes log-ins that must enrol a factor.'

const script = 'The script of our pages calls it: the session is in a cookie.'
const withPages = ({ signInPages }: Pick<Settings, 'signInPages'>): boolean => signInPages
const mustEnrol = ({ signInPages, secondFactor }: Settings): boolean => signInPages && secondFactor === 'required'
const limit = { rate: 50, burst: 100 }

const onPages = <const Kind extends string>(signInPages: boolean, ...kinds: readonly Kind[]): readonly Kind[] =>
  signInPages ? kinds : []

export const spec = defineFunction<PasskeyEnvName>({
  name: 'passkey',
  description: 'POST /login/passkey and /factors/passkeys: log-in by passkey, and the passkeys of the caller',
  isWanted: ({ secondFactor }) => secondFactor !== 'off',
  // Its library takes a while to load and to verify.
  memory: 512,
  timeout: 10,
  environment: (parts) => ({
    ...issuing(parts),
    ...verifying(parts),
    ...authenticating(parts.settings),
    ...mailFunction(parts),
    ...secondFactor(parts.settings),
    CLIENTS: words(parts.settings.clients),
    ...passkeys(parts),
    SERVICE_NAME: parts.settings.serviceName,
  }),
  table: ({ signInPages, secondFactor }) => ({
    GetItem: [
      ...(['accounts', 'secrets', 'sessions', 'passkeyOwners', 'loginCodes', 'factorCodes'] as const),
      ...onPages(signInPages, 'flowCodes', 'ssoSessions'),
      ...onPages(signInPages && secondFactor === 'required', 'signInCodes'),
    ],
    Query: ['secrets', 'sessions'],
    PutItem: [
      ...(['secrets', 'sessions', 'passkeyOwners', 'devices', 'loginCodes'] as const),
      ...onPages(signInPages, 'signInCodes', 'ssoSessions'),
    ],
    UpdateItem: [
      ...(['secrets', 'devices', 'loginCodes', 'factorCodes'] as const),
      ...onPages(signInPages, 'signInCodes', 'ssoSessions'),
    ],
    ConditionCheckItem: ['sessions'],
    DeleteItem: [
      ...(['secrets', 'sessions', 'passkeyOwners', 'throttle', 'devices', 'loginCodes', 'factorCodes'] as const),
      ...onPages(signInPages, 'signInCodes', 'ssoSessions'),
    ],
  }),
  signs: true,
  invokes: ['mail', 'claims'],
  routes: [
    {
      method: 'POST',
      path: '/login/passkey',
      open: 'Before the log-in there is no token.',
      limit: { rate: 100, burst: 500 },
    },
    {
      method: 'POST',
      path: '/sign-in/passkey',
      isWanted: withPages,
      open: 'The script of our pages calls it before there is a token.',
      limit: { rate: 100, burst: 500 },
    },
    { method: 'POST', path: '/account/passkeys/options', isWanted: withPages, open: script, limit },
    { method: 'POST', path: '/account/passkeys', isWanted: withPages, open: script, limit },
    { method: 'POST', path: '/sign-in/enrol/passkey/options', isWanted: mustEnrol, open: script, limit },
    { method: 'POST', path: '/sign-in/enrol/passkey', isWanted: mustEnrol, open: script, limit },
    { method: 'POST', path: '/factors/passkeys', open, limit },
    { method: 'POST', path: '/factors/passkeys/confirm', open, limit },
    { method: 'DELETE', path: '/factors/passkeys/{id}', open },
  ],
  counts: ['LoginAttempts', 'LoginFailures', 'LoginLocks', 'Faults'],
  alarms: [{ id: 'PasskeyErrors', on: 'errors', says: 'Log-in by passkey crashed or ran out of time.' }],
})
