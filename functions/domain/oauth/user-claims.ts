import { type Account, addressOf, usernameOf } from '../accounts/account.ts'

/** What a client learns of a person (OpenID Connect Core section 5.1): by scope, and only what there is. */
export function userClaims(account: Account, scope: readonly string[]): Readonly<Record<string, unknown>> {
  const email = addressOf(account)
  return {
    sub: account.sub,
    ...(scope.includes('profile') && { preferred_username: usernameOf(account) }),
    ...(scope.includes('email') && email !== undefined && { email, email_verified: account.emailVerified }),
  }
}
