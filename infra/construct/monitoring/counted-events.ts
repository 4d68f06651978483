/**
 * A member of a log line: its `event`, where a star at its end matches anything, its `reason`, its
 * `cause`, where a star does the same, or its `status`.
 */
export type Line =
  | { readonly event: string }
  | { readonly reason: string }
  | { readonly cause: string }
  | { readonly status: number }

/**
 * What log lines can be counted as. Most reasons of failures stay in the log: as a dimension each reason would be a metric
 * of its own, and cost as one.
 */
export const countedEvents = {
  LoginAttempts: { event: 'authn_login_*' },
  LoginFailures: { event: 'authn_login_fail' },
  LoginLocks: { event: 'authn_login_lock' },
  WrongPasswords: { reason: 'wrong_password' },
  UnknownNames: { reason: 'unknown_user' },
  Migrations: { event: 'user_migrated' },
  SessionRetries: { event: 'session_retry' },
  TokenReuse: { event: 'authn_token_reuse' },
  RefusedTokens: { event: 'authz_fail' },
  // The authorizer turns these into errors on purpose, for REST and WebSocket APIs.
  UnauthorizedByError: { status: 401 },
  FailedMails: { event: 'mail_fail' },
  // Of functions that answer 401 only to clients which do not prove who they are.
  RefusedClients: { status: 401 },
  FailedClientMetadata: { event: 'client_metadata_fail' },
  FailedClaims: { cause: 'claims_*' },
  Faults: { event: 'sys_crash' },
} as const satisfies Readonly<Record<string, Line>>

/** Each function's spec says which of these its log lines are. */
export type EventCount = keyof typeof countedEvents
