import { createHash } from 'node:crypto'

/** Where it is kept what people have allowed clients, by account. Strongly consistent, each change one atomic write. */
export type ConsentStore = {
  /** The scope that the account has allowed this registration of the client; undefined where it was never asked. */
  readonly findConsent: (sub: string, client: ConsentClient) => Promise<readonly string[] | undefined>
  /** Adds to what was allowed before. `now` is a NumericDate in whole seconds. */
  readonly addConsent: (sub: string, client: ConsentClient, scope: readonly string[], now: number) => Promise<void>
}

/** A client that was deleted and registered again is another one. */
type ConsentClient = { readonly id: string; readonly registration: string }

/**
 * Names what a consent page has shown to whom, so that its button allows that and no more: meanwhile somebody else may have
 * signed in in another tab, or the account may have got another scope.
 */
export const nameOfConsent = (sub: string, scope: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([sub, ...scope]))
    .digest('base64url')
