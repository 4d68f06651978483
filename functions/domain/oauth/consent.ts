/** Where it is kept what people have allowed clients, by account. Strongly consistent, each change one atomic write. */
export type ConsentStore = {
  /** The scope that the account has allowed this registration of the client; undefined where it was never asked. */
  readonly findConsent: (sub: string, client: ConsentClient) => Promise<readonly string[] | undefined>
  /** Adds to what was allowed before. `now` is a NumericDate in whole seconds. */
  readonly addConsent: (sub: string, client: ConsentClient, scope: readonly string[], now: number) => Promise<void>
}

/** A client that was deleted and registered again is another one. */
type ConsentClient = { readonly id: string; readonly registration: string }
