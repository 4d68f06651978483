import { createHash } from 'node:crypto'

/** What a person allows, or is asked to: a scope, for a resource or, where that is undefined, for the API of the service. */
export type Allowance = { readonly scope: readonly string[]; readonly resource?: string | undefined }

/**
 * What an account has allowed a client, by resource. `id` is random. It stays when the person allows more, and is a new one when they allow
 * something after a withdrawal, so that no code from before the withdrawal can begin a session.
 */
export type Consent = { readonly id: string; readonly allowed: readonly Allowance[] }

/** Finds what the account has allowed this registration of the client. Strongly consistent. */
export type FindConsent = (sub: string, client: ConsentClient) => Promise<Consent | undefined>

/** Where it is kept what people have allowed clients, by account. Strongly consistent, each change one atomic write. */
export type ConsentStore = {
  readonly findConsent: FindConsent
  /** Adds to what was allowed before, or begins the consent `id`. `now` is a NumericDate in whole seconds. */
  readonly addConsent: (sub: string, client: ConsentClient, added: AddedConsent, now: number) => Promise<void>
  /** All consents of an account, those to former clients of an id too. */
  readonly listConsents: (sub: string) => Promise<readonly GivenConsent[]>
  /** That to a client of this id, whatever its registration. False where there was none. */
  readonly deleteConsent: (sub: string, clientId: string) => Promise<boolean>
}

export type AddedConsent = Allowance & { readonly id: string }

export type GivenConsent = Consent & { readonly client: ConsentClient }

/** A client that was deleted and registered again is another one. */
type ConsentClient = { readonly id: string; readonly registration: string }

/**
 * Names what a consent page has shown to whom, so that its button allows that and no more: meanwhile somebody else may have
 * signed in in another tab, or the account may have got another scope.
 */
export const nameOfConsent = (sub: string, { scope, resource }: Allowance): string =>
  createHash('sha256')
    .update(JSON.stringify([sub, resource ?? null, ...scope]))
    .digest('base64url')

/** Whether all of it was allowed, for that very resource. */
export const covers = ({ allowed }: Consent, { scope, resource }: Allowance): boolean =>
  allowed.some((each) => each.resource === resource && scope.every((token) => each.scope.includes(token)))
