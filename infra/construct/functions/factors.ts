import type { FactorsEnvName } from '../../../functions/factors/env.ts'
import { authenticating, issuing, mailFunction, pages, secondFactor, totpSecrets, verifying } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'
import type { Settings } from '../settings/settings.ts'

const open =
  'It verifies access tokens itself, because it also reads the session and takes log-ins that must enrol a factor.'

const page = 'A page for browsers, whose session is in a cookie.'
const isWanted = ({ signInPages }: Pick<Settings, 'signInPages'>): boolean => signInPages
const mustEnrol = ({ signInPages, secondFactor }: Settings): boolean => signInPages && secondFactor === 'required'

const onlyIf = <const Kind extends string>(isNeeded: boolean, ...kinds: readonly Kind[]): readonly Kind[] =>
  isNeeded ? kinds : []

export const spec = defineFunction<FactorsEnvName>({
  name: 'factors',
  description: '/factors: the second factors of the caller, and the enrolment of an authenticator app',
  isWanted: ({ secondFactor }) => secondFactor !== 'off',
  timeout: 10,
  environment: (parts) => ({
    ...issuing(parts),
    ...verifying(parts),
    ...authenticating(parts.settings),
    ...mailFunction(parts),
    ...secondFactor(parts.settings),
    ...totpSecrets(parts),
    ...pages(parts),
  }),
  table: (settings) => ({
    GetItem: [
      ...(['accounts', 'sessions', 'loginCodes', 'factorCodes'] as const),
      ...onlyIf(isWanted(settings), 'ssoSessions'),
      ...onlyIf(mustEnrol(settings), 'flowCodes', 'signInCodes'),
    ],
    Query: ['secrets', 'sessions'],
    PutItem: ['secrets', 'sessions', 'devices', ...onlyIf(mustEnrol(settings), 'ssoSessions')],
    UpdateItem: [
      ...(['secrets', 'devices', 'loginCodes', 'factorCodes'] as const),
      ...onlyIf(isWanted(settings), 'ssoSessions'),
      ...onlyIf(mustEnrol(settings), 'signInCodes'),
    ],
    ConditionCheckItem: ['sessions'],
    DeleteItem: [
      ...(['secrets', 'sessions', 'throttle', 'devices', 'loginCodes', 'factorCodes'] as const),
      // Passkeys are removed by a form here, which needs nothing of what verifies them.
      ...onlyIf(isWanted(settings), 'passkeyOwners'),
      ...onlyIf(mustEnrol(settings), 'signInCodes', 'ssoSessions'),
    ],
  }),
  signs: true,
  totpSecrets: ['encrypt', 'decrypt'],
  invokes: ['mail', 'claims'],
  routes: [
    { method: 'GET', path: '/factors', open },
    { method: 'POST', path: '/factors/totp', open, limit: { rate: 50, burst: 100 } },
    { method: 'POST', path: '/factors/totp/confirm', open, limit: { rate: 50, burst: 100 } },
    { method: 'DELETE', path: '/factors/totp', open },
    { method: 'POST', path: '/factors/recovery-codes', open, limit: { rate: 50, burst: 100 } },
    { method: 'GET', path: '/account/factors', isWanted, open: page },
    { method: 'POST', path: '/account/factors/totp', isWanted, open: page, limit: { rate: 50, burst: 100 } },
    { method: 'POST', path: '/account/factors/totp/confirm', isWanted, open: page, limit: { rate: 50, burst: 100 } },
    { method: 'POST', path: '/account/factors/totp/remove', isWanted, open: page },
    { method: 'POST', path: '/account/factors/passkeys/remove', isWanted, open: page },
    { method: 'GET', path: '/sign-in/enrol', isWanted: mustEnrol, open: page },
    { method: 'POST', path: '/sign-in/enrol/totp', isWanted: mustEnrol, open: page, limit: { rate: 50, burst: 100 } },
    {
      ...({ method: 'POST', path: '/sign-in/enrol/totp/confirm', isWanted: mustEnrol, open: page } as const),
      limit: { rate: 50, burst: 100 },
    },
    { method: 'POST', path: '/account/factors/recovery-codes', isWanted, open: page, limit: { rate: 50, burst: 100 } },
  ],
  counts: ['Faults'],
})
