type Group = { readonly files: readonly string[]; readonly tests: readonly string[] }

/** Which files are held against which tests, by globs: the nearest tests first, because all of them would take a day. */
export const groups: readonly Group[] = [
  {
    files: ['functions/domain/tokens/**', 'functions/domain/sessions/live-token.ts'],
    tests: ['domain/tokens/**', 'authorizerImmediate/authorizer'],
  },
  {
    files: ['functions/http/authorizer/**', 'functions/domain/scopes/**'],
    tests: ['http/authorizer/**', 'domain/scopes/**'],
  },
  {
    files: [
      'functions/domain/sessions/{ask-claims,refresh,refresh-token,rotation,session,start-session,revoke,own-sessions,live-session}.ts',
      'functions/domain/sessions/end-sessions.ts',
      'functions/domain/accounts/account-lifecycle.ts',
    ],
    tests: ['domain/sessions/**', 'claims/**', 'token/**', 'revoke/**', 'sessions/**', 'races/**'],
  },
  {
    files: ['functions/http/*.ts', 'functions/http/api/**', 'functions/domain/*.ts'],
    tests: [
      'http/*',
      'http/api/**',
      'domain/*',
      'domain/codes/**',
      'login/handler',
      'token/handler',
      'revoke/handler',
      'discovery/handler',
    ],
  },
  {
    files: ['functions/domain/passwords/*.ts', 'functions/domain/accounts/{identifier,groups}.ts'],
    tests: ['domain/passwords/*', 'domain/accounts/**'],
  },
  {
    files: [
      'functions/domain/accounts/{account,add-account,create-account,import-account,migrate-account,subject,try-password}.ts',
      'functions/domain/sign-in/password/set-password.ts',
    ],
    tests: ['register/handler', 'migrate/**', 'admin/*'],
  },
  {
    files: [
      'functions/domain/throttling/**',
      'functions/domain/sign-in/{ask-old-system,authenticate,log-in,verify-owner}.ts',
      'functions/domain/sign-in/password/{keep-password,change-password}.ts',
    ],
    tests: [
      'domain/throttling/**',
      'domain/sign-in/**',
      'login/handler',
      'password/handler',
      'adapters/dynamodb/attempts',
    ],
  },
  {
    files: [
      'functions/domain/{clients,oauth}/**',
      'functions/domain/sessions/{sso-session,end-sso}.ts',
      'functions/domain/sign-in/find-step.ts',
      'functions/http/pages/**',
    ],
    tests: ['domain/clients/**', 'oauth/**', 'apiKeys/**', 'account/**', 'clients/**', 'discovery/handler'],
  },
  {
    files: ['functions/domain/sessions/key-session.ts', 'functions/domain/sign-in/find-fresh-owner.ts'],
    tests: ['apiKeys/**', 'oauth/api-keys'],
  },
  { files: ['functions/domain/factors/**'], tests: ['domain/factors/**'] },
  {
    files: [
      'functions/domain/sign-in/{amr,auth-session,complete-log-in,encrypted-secret,factor-attempts,factor-store}.ts',
      'functions/domain/sign-in/{next-step,passkey-step,prove,told,verify-code}.ts',
      'functions/domain/sign-in/enrolment/{change-factors,enrol,enrol-passkey,enrol-totp,enrolment-store}.ts',
      'functions/domain/sign-in/enrolment/{find-holder,reset-factors}.ts',
    ],
    tests: ['factors/**', 'domain/sign-in/**'],
  },
  { files: ['functions/domain/passwords/hashing/**'], tests: ['domain/passwords/hashing/**'] },
  {
    files: [
      'functions/domain/codes/**',
      'functions/domain/accounts/{confirm-address,confirm-registration,confirmation-store,mail-address-code,open-registration,set-address}.ts',
      'functions/domain/sign-in/enrolment/mail-enrolment-code.ts',
      'functions/domain/sign-in/password/{mail-recovery-code,recover-password}.ts',
    ],
    tests: ['domain/codes/**', 'adapters/dynamodb/code-flows', 'adapters/dynamodb/confirmations'],
  },
  {
    files: ['functions/domain/mail/**'],
    tests: ['domain/mail/**', 'adapters/dynamodb/mail-limits', 'adapters/ses/**'],
  },
]
