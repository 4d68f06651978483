import type { MigrateEnvName } from '../../../functions/migrate/env.ts'
import { tableName } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

export const spec = defineFunction<MigrateEnvName>({
  name: 'migrate',
  description: 'Asks the old system about unknown names, and creates their accounts; log-in and mail invoke it',
  provides: 'migration',
  isWanted: ({ migration }) => migration !== undefined,
  hashesPasswords: true,
  // 3 s for the old system, and the time of a slow transaction.
  timeout: 15,
  environment: (parts) => ({ ...tableName(parts), OLD_SYSTEM: parts.settings.migration ?? '-' }),
  // IAM has no "create only": with these keys an existing account could be overwritten.
  table: {
    PutItem: ['accounts', 'secrets', 'identifiers', 'directory'],
    // The password of an account that a recovery has brought.
    GetItem: ['identifiers'],
    ConditionCheckItem: ['identifiers'],
    UpdateItem: ['secrets'],
  },
  invokes: ['oldSystem'],
  counts: ['Migrations'],
  alarms: [{ id: 'MigrationErrors', on: 'errors', says: 'The old system could not be asked.' }],
})
