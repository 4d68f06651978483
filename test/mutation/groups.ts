type Group = { readonly files: readonly string[]; readonly tests: readonly string[] }

const domain = (...names: readonly string[]) => names.map((name) => `functions/domain/${name}.ts`)
const http = (...names: readonly string[]) => names.map((name) => `functions/http/${name}.ts`)

/** Files that are held against no test: a list of data. */
export const unmutated: readonly string[] = domain('common-passwords')

/** Which files are held against which tests: the nearest ones first, since all of them would take a day. */
export const groups: readonly Group[] = [
  {
    files: domain('access-token', 'compact-jws', 'strict-json', 'live-token'),
    tests: ['domain/access-token*', 'domain/compact-jws', 'domain/strict-json', 'authorizerImmediate/authorizer'],
  },
  {
    files: [
      ...http('authorizer', 'authorizer-answer', 'authorizer-request', 'bearer', 'connect-token', 'sole-value'),
      ...domain('route-scopes', 'scope'),
    ],
    tests: ['http/authorizer*', 'http/bearer', 'http/connect-token', 'domain/scope'],
  },
  {
    files: domain(
      'refresh',
      'refresh-token',
      'rotation',
      'session',
      'start-session',
      'revoke',
      'own-sessions',
      'account-end',
    ),
    tests: [
      'domain/refresh-token',
      'domain/session-*',
      'domain/start-session',
      'token/handler',
      'token/races',
      'revoke/handler',
      'sessions/handler',
    ],
  },
  {
    files: [
      ...http(
        'answer',
        'body',
        'endpoint',
        'in-time',
        'log',
        'oauth-error',
        'parameters',
        'source-address',
        'token-answer',
      ),
      ...domain('metadata', 'random-id', 'result', 'unavailable', 'jwk-set'),
    ],
    tests: [
      'http/body',
      'http/oauth-error',
      'http/endpoint',
      'http/log',
      'http/parameters',
      'http/source-address',
      'login/handler',
      'token/handler',
      'revoke/handler',
      'discovery/handler',
      'jwks/handler',
      'domain/jwk-set',
      'adapters/jwk-set',
    ],
  },
  {
    files: domain('username', 'password', 'password-policy'),
    tests: ['domain/username', 'domain/password', 'domain/common-passwords'],
  },
  {
    files: domain('accounts', 'set-password', 'import-user', 'subject'),
    tests: ['register/handler', 'admin/*'],
  },
  {
    files: domain('throttle', 'authenticate', 'record-success', 'change-password', 'finish-all', 'clock', 'user'),
    tests: [
      'domain/throttle',
      'domain/authenticate',
      'domain/record-success',
      'domain/finish-all',
      'login/handler',
      'password/handler',
      'adapters/dynamodb-throttle',
    ],
  },
  {
    files: domain('password-hash', 'stored-hash', 'phc', 'phc-hash', 'argon2-hash'),
    tests: ['domain/hash-bounds', 'domain/renewable-hashes', 'domain/password-hash'],
  },
  {
    files: domain('scrypt-hash', 'pbkdf2-hash', 'bcrypt-hash', 'framework-hash'),
    tests: ['domain/hash-bounds', 'domain/imported-hashes'],
  },
]
