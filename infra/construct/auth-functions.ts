import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Duration } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import type { AdminEnvName } from '../../functions/admin/env.ts'
import type { AuthorizerEnvName } from '../../functions/authorizer/env.ts'
import type { AuthorizerImmediateEnvName } from '../../functions/authorizerImmediate/env.ts'
import type { DiscoveryEnvName } from '../../functions/discovery/env.ts'
import { AuthFunction, type Retention } from './auth-function.ts'
import type { AuthTable } from './auth-table.ts'
import type { AuthorizerRules } from './authorizers/authorizer-rules.ts'
import type { Settings } from './settings.ts'
import type { SigningKeys } from './signing-keys.ts'

/** What the functions are made of. */
export type Parts = {
  readonly settings: Settings
  readonly retention: Retention
  readonly issuer: string
  readonly audience: string
  readonly keys: SigningKeys
  readonly table: AuthTable
  readonly rules: AuthorizerRules
}

// An empty variable counts as missing, so an empty list is a dash.
export const words = (list: readonly string[]) => list.join(' ') || '-'

export const passwordPolicy = ({ serviceName, minimumPasswordLength }: Settings) => ({
  SERVICE_NAME: serviceName,
  MINIMUM_PASSWORD_LENGTH: String(minimumPasswordLength),
})

export function createAuthorizer(scope: Construct, parts: Parts): IFunction {
  return parts.settings.revocation === 'immediate'
    ? createImmediateAuthorizer(scope, parts)
    : createLifetimeAuthorizer(scope, parts)
}

function createLifetimeAuthorizer(scope: Construct, { retention, issuer, audience, keys, rules }: Parts): IFunction {
  return new AuthFunction<AuthorizerEnvName>(scope, 'authorizer', {
    ...retention,
    description: 'Lets a request with a good access token in, and no other',
    // API Gateway waits 10 s for an answer.
    timeout: Duration.seconds(5),
    environment: { ISSUER: issuer, AUDIENCE: audience, JWKS: keys.jwks, ...rules.environment },
  })
}

function createImmediateAuthorizer(scope: Construct, parts: Parts): IFunction {
  const { retention, issuer, audience, keys, table, rules } = parts
  const authorizer = new AuthFunction<AuthorizerImmediateEnvName>(scope, 'authorizerImmediate', {
    ...retention,
    description: 'Lets a request with a good access token of a living session in, and no other',
    // Three tries of DynamoDB, twice, and still before API Gateway gives up.
    timeout: Duration.seconds(9),
    environment: {
      TABLE_NAME: table.tableName,
      ISSUER: issuer,
      AUDIENCE: audience,
      JWKS: keys.jwks,
      ...rules.environment,
    },
  })
  table.grantItems(authorizer, { GetItem: ['sessions'] })
  return authorizer
}

export function createDiscovery(scope: Construct, { settings, retention, issuer, keys }: Parts): IFunction {
  return new AuthFunction<DiscoveryEnvName>(scope, 'discovery', {
    ...retention,
    description: 'GET /.well-known/*: the public keys and where everything is',
    timeout: Duration.seconds(5),
    environment: { ISSUER: issuer, JWKS: keys.jwks, SCOPES: words(settings.scopes) },
  })
}

// What changes several items is one transaction, and AWS may judge each of its actions by the keys of all its items.
const written = ['accounts', 'secrets', 'sessions', 'identifiers', 'directory'] as const
const transacted = ['PutItem', 'UpdateItem', 'ConditionCheckItem'] as const

export function createAdmin(scope: Construct, { settings, retention, table }: Parts): IFunction {
  const admin = new AuthFunction<AdminEnvName>(scope, 'admin', {
    ...retention,
    description: 'Creates, changes, imports, exports and deletes users, ends sessions; has no route, IAM is its door',
    // It imports users by the hundred.
    memory: 1024,
    timeout: Duration.seconds(60),
    environment: {
      TABLE_NAME: table.tableName,
      SCOPES: words(settings.scopes),
      ...passwordPolicy(settings),
    },
  })
  table.grantItems(admin, {
    GetItem: ['accounts', 'secrets', 'sessions', 'identifiers'],
    Query: ['sessions', 'directory'],
    ...Object.fromEntries(transacted.map((action) => [action, written])),
    DeleteItem: [...written, 'throttle'],
  })
  return admin
}
