import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Duration } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import type { LoginEnvName } from '../../functions/login/env.ts'
import type { RevokeEnvName } from '../../functions/revoke/env.ts'
import type { SessionsEnvName } from '../../functions/sessions/env.ts'
import type { TokenEnvName } from '../../functions/token/env.ts'
import { AuthFunction } from './auth-function.ts'
import { type Parts, words } from './auth-functions.ts'
import type { Settings } from './settings.ts'

// What a function needs that issues access tokens and keeps sessions.
export const issuing = ({ settings, issuer, audience, keys, table }: Parts) => ({
  TABLE_NAME: table.tableName,
  SIGNING_KEY_ID: keys.signingKeyId,
  SIGNING_KID: keys.signingKid,
  ISSUER: issuer,
  AUDIENCE: audience,
  CLIENTS: words(settings.clients),
  SCOPES: words(settings.scopes),
  ACCESS_TOKEN_LIFETIME: String(settings.accessTokenLifetime),
  ...sessionLimits(settings),
})

const sessionLimits = ({ sessionIdleLimit, sessionLimit }: Settings) => ({
  SESSION_IDLE_LIMIT: String(sessionIdleLimit),
  SESSION_LIMIT: String(sessionLimit),
})

// And one that checks passwords and begins sessions.
export const authenticating = ({ sessionsPerUser, accountFailures, addressFailures }: Settings) => ({
  SESSIONS_PER_USER: String(sessionsPerUser),
  ACCOUNT_FAILURES: String(accountFailures),
  ADDRESS_FAILURES: String(addressFailures),
})

export function letSign(signer: AuthFunction<string>, { keys }: Parts, authorizer: IFunction): void {
  keys.grantSign(signer)
  // In every deployment those who verify learn a new key before anyone signs with it.
  signer.node.addDependency(authorizer)
}

export function createLogin(scope: Construct, parts: Parts, authorizer: IFunction): IFunction {
  const { settings, retention, table } = parts
  const login = new AuthFunction<LoginEnvName>(scope, 'login', {
    ...retention,
    description: 'POST /login: credentials in, the tokens of a new session out',
    // The knee of the curve: argon2id takes 61 ms here, twice that with half, and hardly less with more.
    memory: 1024,
    timeout: Duration.seconds(10),
    concurrency: settings.loginConcurrency,
    environment: { ...issuing(parts), ...authenticating(settings) },
  })
  table.grantItems(login, {
    GetItem: ['accounts', 'secrets', 'sessions', 'identifiers'],
    Query: ['sessions'],
    PutItem: ['sessions'],
    // The hash of an imported account is replaced at its first log-in.
    UpdateItem: ['secrets', 'throttle', 'logKey'],
    DeleteItem: ['sessions', 'throttle'],
  })
  letSign(login, parts, authorizer)
  return login
}

export function createToken(scope: Construct, parts: Parts, authorizer: IFunction): IFunction {
  const { settings, retention, table } = parts
  const token = new AuthFunction<TokenEnvName>(scope, 'token', {
    ...retention,
    description: 'POST /token: a refresh token in, its successor and a new access token out',
    // Each of its four calls may need all its tries, and the client must still get an answer.
    timeout: Duration.seconds(20),
    environment: { ...issuing(parts), REFRESH_GRACE: String(settings.refreshGrace) },
  })
  table.grantItems(token, {
    GetItem: ['accounts', 'sessions'],
    UpdateItem: ['sessions'],
    DeleteItem: ['sessions'],
  })
  letSign(token, parts, authorizer)
  return token
}

export function createRevoke(scope: Construct, { retention, table }: Parts): IFunction {
  const revoke = new AuthFunction<RevokeEnvName>(scope, 'revoke', {
    ...retention,
    description: 'POST /revoke: ends the session of a refresh token',
    timeout: Duration.seconds(10),
    environment: { TABLE_NAME: table.tableName },
  })
  table.grantItems(revoke, { GetItem: ['sessions'], DeleteItem: ['sessions'] })
  return revoke
}

export function createSessions(scope: Construct, { settings, retention, table }: Parts): IFunction {
  const sessions = new AuthFunction<SessionsEnvName>(scope, 'sessions', {
    ...retention,
    description: '/sessions: the sessions of the caller, to see and to end',
    timeout: Duration.seconds(20),
    environment: { TABLE_NAME: table.tableName, ...sessionLimits(settings) },
  })
  table.grantItems(sessions, { Query: ['sessions'], UpdateItem: ['sessions'], DeleteItem: ['sessions'] })
  return sessions
}
