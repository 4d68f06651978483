import type { RegisterEnvName } from '../../../functions/register/env.ts'
import { countingByAddress, passwordPolicy, tableName } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

export const spec = defineFunction<RegisterEnvName>({
  name: 'register',
  description: 'POST /register: a new account, for anyone',
  isWanted: ({ selfRegistration }) => selfRegistration,
  hashesPasswords: true,
  timeout: 10,
  environment: (parts) => ({
    ...tableName(parts),
    ...passwordPolicy(parts.settings),
    ...countingByAddress(parts.settings),
  }),
  // IAM has no "create only": with these keys an existing account could be overwritten.
  table: { PutItem: ['accounts', 'secrets', 'identifiers', 'directory'], UpdateItem: ['throttle'] },
  routes: [
    {
      method: 'POST',
      path: '/register',
      open: 'Before the registration there is no account.',
      limit: { rate: 50, burst: 100 },
    },
  ],
  counts: ['Faults'],
})
