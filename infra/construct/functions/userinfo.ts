import type { UserinfoEnvName } from '../../../functions/userinfo/env.ts'
import { sessionLimits, tableName, verifying } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

const open = 'It verifies access tokens itself, because it also reads the session and sends challenges of its own.'

export const spec = defineFunction<UserinfoEnvName>({
  name: 'userinfo',
  description: '/userinfo: what a client may know of the person who signed in',
  isWanted: ({ signInPages }) => signInPages,
  timeout: 5,
  environment: (parts) => ({ ...tableName(parts), ...verifying(parts), ...sessionLimits(parts.settings) }),
  table: { GetItem: ['accounts', 'sessions'] },
  routes: [
    { method: 'GET', path: '/userinfo', open },
    { method: 'POST', path: '/userinfo', open },
  ],
  counts: ['Faults'],
})
