import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Duration } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import type { AdminEnvName } from '../functions/admin/env.ts'
import type { AuthorizerEnvName } from '../functions/authorizer/env.ts'
import type { DiscoveryEnvName } from '../functions/discovery/env.ts'
import type { LoginEnvName } from '../functions/login/env.ts'
import { AuthFunction, type Retention } from './auth-function.ts'
import type { AuthTable } from './auth-table.ts'
import type { AuthorizerRules } from './authorizer-rules.ts'
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

const users = 'USER#*'
const logKey = 'LOG'

// An empty variable counts as missing, so an empty list is a dash.
const words = (list: readonly string[]) => list.join(' ') || '-'

export function createAuthorizer(scope: Construct, { retention, issuer, audience, keys, rules }: Parts): IFunction {
  return new AuthFunction<AuthorizerEnvName>(scope, 'authorizer', {
    ...retention,
    description: 'Lets a request with a good access token in, and no other',
    // API Gateway waits 10 s for an answer.
    timeout: Duration.seconds(5),
    environment: { ISSUER: issuer, AUDIENCE: audience, JWKS: keys.jwks, ...rules.environment },
  })
}

export function createLogin(scope: Construct, parts: Parts, authorizer: IFunction): IFunction {
  const { settings, retention, issuer, audience, keys, table } = parts
  const login = new AuthFunction<LoginEnvName>(scope, 'login', {
    ...retention,
    description: 'POST /login: credentials in, an access token out',
    // The knee of the curve: argon2id takes 61 ms here, twice that with half, and hardly less with more.
    memory: 1024,
    timeout: Duration.seconds(10),
    environment: {
      TABLE_NAME: table.tableName,
      SIGNING_KEY_ID: keys.signingKeyId,
      SIGNING_KID: keys.signingKid,
      ISSUER: issuer,
      AUDIENCE: audience,
      CLIENTS: words(settings.clients),
      SCOPES: words(settings.scopes),
      ACCESS_TOKEN_LIFETIME: String(settings.accessTokenLifetime),
    },
  })
  table.grantOn(users, login, 'GetItem')
  table.grantOn(logKey, login, 'UpdateItem')
  keys.grantSign(login)
  // In every deployment those who verify learn a new key before anyone signs with it.
  login.node.addDependency(authorizer)
  return login
}

export function createDiscovery(scope: Construct, { settings, retention, issuer, keys }: Parts): IFunction {
  return new AuthFunction<DiscoveryEnvName>(scope, 'discovery', {
    ...retention,
    description: 'GET /.well-known/*: the public keys and where everything is',
    timeout: Duration.seconds(5),
    environment: { ISSUER: issuer, JWKS: keys.jwks, SCOPES: words(settings.scopes) },
  })
}

export function createAdmin(scope: Construct, { settings, retention, table }: Parts): IFunction {
  const admin = new AuthFunction<AdminEnvName>(scope, 'admin', {
    ...retention,
    description: 'Creates, shows, disables and enables users; has no route, IAM is its door',
    timeout: Duration.seconds(10),
    environment: {
      TABLE_NAME: table.tableName,
      SCOPES: words(settings.scopes),
      SERVICE_NAME: settings.serviceName,
      MINIMUM_PASSWORD_LENGTH: String(settings.minimumPasswordLength),
    },
  })
  table.grantOn(users, admin, 'GetItem', 'PutItem', 'UpdateItem')
  return admin
}
