import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Duration } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import type { PasswordEnvName } from '../../functions/password/env.ts'
import type { RegisterEnvName } from '../../functions/register/env.ts'
import { AuthFunction } from './auth-function.ts'
import { type Parts, passwordPolicy } from './auth-functions.ts'
import { authenticating, issuing, letSign } from './session-functions.ts'

export function createRegister(scope: Construct, { settings, retention, table }: Parts): IFunction {
  const register = new AuthFunction<RegisterEnvName>(scope, 'register', {
    ...retention,
    description: 'POST /register: an account for whoever asks',
    // It hashes a password, as log-in does.
    memory: 1024,
    timeout: Duration.seconds(10),
    environment: {
      TABLE_NAME: table.tableName,
      ...passwordPolicy(settings),
      ADDRESS_FAILURES: String(settings.addressFailures),
    },
  })
  // IAM has no "create only": with these keys an existing account could be overwritten.
  table.grantItems(register, {
    PutItem: ['accounts', 'secrets', 'identifiers', 'directory'],
    UpdateItem: ['throttle'],
  })
  return register
}

export function createPassword(scope: Construct, parts: Parts, authorizer: IFunction): IFunction {
  const { settings, retention, table } = parts
  const { CLIENTS: _, ...environment } = issuing(parts)
  const password = new AuthFunction<PasswordEnvName>(scope, 'password', {
    ...retention,
    description: 'POST /password: a new password for the caller, whose sessions end',
    // It hashes two passwords, and ends sessions one by one.
    memory: 1024,
    timeout: Duration.seconds(20),
    environment: { ...environment, ...authenticating(settings), ...passwordPolicy(settings) },
  })
  table.grantItems(password, {
    GetItem: ['accounts', 'secrets', 'sessions'],
    Query: ['sessions'],
    PutItem: ['sessions'],
    UpdateItem: ['secrets', 'sessions', 'throttle'],
    DeleteItem: ['sessions', 'throttle'],
  })
  letSign(password, parts, authorizer)
  return password
}
