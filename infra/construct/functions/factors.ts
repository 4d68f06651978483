import type { FactorsEnvName } from '../../../functions/factors/env.ts'
import { authenticating, issuing, mailFunction, secondFactor, totpSecrets, verifying } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'
import type { Settings } from '../settings/settings.ts'

const open =
  'It verifies access tokens itself, because it also reads the session and takes log-ins that must enrol a factor.'

const page = 'A page for browsers, whose session is in a cookie.'
const isWanted = ({ signInPages }: Pick<Settings, 'signInPages'>): boolean => signInPages

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
    SERVICE_NAME: parts.settings.serviceName,
  }),
  table: ({ signInPages }) => ({
    GetItem: ['accounts', 'sessions', 'loginCodes', 'factorCodes', ...(signInPages ? (['ssoSessions'] as const) : [])],
    Query: ['secrets', 'sessions'],
    PutItem: ['secrets', 'sessions', 'devices'],
    UpdateItem: [
      ...(['secrets', 'devices', 'loginCodes', 'factorCodes'] as const),
      ...(signInPages ? (['ssoSessions'] as const) : []),
    ],
    ConditionCheckItem: ['sessions'],
    DeleteItem: [
      ...(['secrets', 'sessions', 'throttle', 'devices', 'loginCodes', 'factorCodes'] as const),
      // Passkeys are removed by a form here, which needs nothing of what verifies them.
      ...(signInPages ? (['passkeyOwners'] as const) : []),
    ],
  }),
  signs: true,
  totpSecrets: ['encrypt', 'decrypt'],
  invokes: ['mail'],
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
    { method: 'POST', path: '/account/factors/recovery-codes', isWanted, open: page, limit: { rate: 50, burst: 100 } },
  ],
  counts: ['Faults'],
})
