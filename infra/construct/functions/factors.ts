import type { FactorsEnvName } from '../../../functions/factors/env.ts'
import { authenticating, issuing, mailFunction, secondFactor, totpSecrets, verifying } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

const open =
  'It verifies access tokens itself, because it also reads the session and takes log-ins that must enrol a factor.'

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
  table: {
    GetItem: ['accounts', 'sessions', 'loginCodes', 'factorCodes'],
    Query: ['secrets', 'sessions'],
    PutItem: ['secrets', 'sessions', 'devices'],
    UpdateItem: ['secrets', 'devices', 'loginCodes', 'factorCodes'],
    ConditionCheckItem: ['sessions'],
    DeleteItem: ['secrets', 'sessions', 'throttle', 'devices', 'loginCodes', 'factorCodes'],
  },
  signs: true,
  totpSecrets: ['encrypt', 'decrypt'],
  invokes: ['mail'],
  routes: [
    { method: 'GET', path: '/factors', open },
    { method: 'POST', path: '/factors/totp', open, limit: { rate: 50, burst: 100 } },
    { method: 'POST', path: '/factors/totp/confirm', open, limit: { rate: 50, burst: 100 } },
    { method: 'DELETE', path: '/factors/totp', open },
    { method: 'POST', path: '/factors/recovery-codes', open, limit: { rate: 50, burst: 100 } },
  ],
  counts: ['Faults'],
})
