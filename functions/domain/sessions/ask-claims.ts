/** What began the token: a log-in or a change of the password, a code, or a refresh. */
type Occasion = 'log_in' | 'code' | 'refresh'

/** About which access token the owner's hook is asked. `scope` is what would be granted, `groups` what it would state. */
export type ClaimsQuestion = {
  readonly sub: string
  readonly clientId: string
  readonly scope: readonly string[]
  readonly groups: readonly string[] | undefined
  readonly occasion: Occasion
}

/** The claims of the owner, as JSON, absent where there are none; and the scope that the owner's hook leaves. */
export type OwnersClaims = { readonly claims?: string | undefined; readonly scope: readonly string[] }

/**
 * Asks the owner's hook what an access token of a person is to state besides ours.
 * @throws Unavailable where it does not answer in time, or as it may not: then no token is issued.
 */
export type AskClaims = (question: ClaimsQuestion) => Promise<OwnersClaims>
