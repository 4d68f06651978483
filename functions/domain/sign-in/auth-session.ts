import type { Clock } from '../clock.ts'
import { randomSecret, sha256 } from '../secret.ts'
import type { Proof } from './next-step.ts'

/** Whose log-in it is, and the epoch that was read before anything was proved. */
export type AuthSessionAccount = { readonly sub: string; readonly epoch: number }

/** Where the failures are counted that the end of the log-in forgets. `device` is the hash of a device token. */
type CountedOn = { readonly identifier: string; readonly device?: string | undefined }

/**
 * What stands between the first proof of a log-in and its tokens (draft-ietf-oauth-first-party-apps-04). It belongs to
 * nobody until a passkey says to whom. `authTime` is the NumericDate of the first proof, which no later step moves.
 */
export type AuthSession = {
  readonly account?: AuthSessionAccount | undefined
  readonly proved: readonly Proof[]
  readonly authTime: number
  readonly clientId: string
  readonly scope?: readonly string[] | undefined
  /** "Keep me signed in": on our pages the session outlives the browser too. */
  readonly rememberDevice: boolean
  readonly countedOn?: CountedOn | undefined
  /** The browser's session that a factor is added to: nothing is, once that has ended. */
  readonly sso?: string | undefined
  /** A hash of the challenge that a passkey must have signed. */
  readonly challenge?: string | undefined
}

/** An auth session that was found by what the client holds. `id` is a hash of that. */
export type OpenAuthSession = AuthSession & { readonly id: string }

/** Where auth sessions are kept. Each change is one conditional write; times are NumericDates in whole seconds. */
export type AuthSessionStore = {
  readonly putNewAuthSession: (id: string, session: AuthSession, expiresAt: number) => Promise<void>
  readonly findAuthSession: (id: string, now: number) => Promise<AuthSession | undefined>
  /** Counts a try, and returns the session. Undefined, and nothing counted, where it is over or had `max` tries. */
  readonly countTry: (id: string, now: number, max: number) => Promise<AuthSession | undefined>
  /** Sets the challenge, in the place of the one before. Undefined where the session is over or had its tries. */
  readonly setChallenge: (id: string, hash: string, now: number, max: number) => Promise<AuthSession | undefined>
  /** Stores what was proved and forgets the tries. False where the session is over, or somebody proved more meanwhile. */
  readonly setProved: (id: string, change: { from: readonly Proof[]; to: readonly Proof[] }) => Promise<boolean>
  /** Of any number of calls at once one gets true. */
  readonly deleteAuthSession: (id: string) => Promise<boolean>
}

/** Log-ins that are not complete yet. Clients hold 256 random bits, of which only a hash is stored. */
export type AuthSessions = {
  readonly open: (session: AuthSession) => Promise<string>
  readonly find: (token: string) => Promise<OpenAuthSession | undefined>
  /** Counts a step before it is verified, so that at most five are, however many come at once. */
  readonly countStep: (token: string) => Promise<OpenAuthSession | undefined>
  readonly setChallenge: (token: string, hash: string) => Promise<OpenAuthSession | undefined>
  readonly addProof: (session: OpenAuthSession, proof: Proof) => Promise<boolean>
  /** Ends it, for the one caller that may go on to the tokens. */
  readonly end: (session: OpenAuthSession) => Promise<boolean>
}

/** In seconds, from the first proof. */
const authSessionLifetime = 300

/** The fifth wrong step is the last. */
const maxSteps = 5

type Dependencies = {
  readonly store: AuthSessionStore
  readonly randomBytes: (count: number) => Uint8Array
  readonly clock: Clock
}

export function createAuthSessions({ store, randomBytes, clock }: Dependencies): AuthSessions {
  const now = () => Math.floor(clock())
  const withId = (id: string, session: AuthSession | undefined) => session && { ...session, id }
  return {
    open: async (session) => {
      const token = randomSecret(randomBytes)
      await store.putNewAuthSession(sha256(token), session, now() + authSessionLifetime)
      return token
    },
    find: async (token) => withId(sha256(token), await store.findAuthSession(sha256(token), now())),
    countStep: async (token) => withId(sha256(token), await store.countTry(sha256(token), now(), maxSteps)),
    setChallenge: async (token, hash) =>
      withId(sha256(token), await store.setChallenge(sha256(token), hash, now(), maxSteps)),
    addProof: ({ id, proved }, proof) => store.setProved(id, { from: proved, to: [...proved, proof] }),
    end: ({ id }) => store.deleteAuthSession(id),
  }
}

/** The same store, in which an auth session that adds a factor to a browser's session ends with that. */
export function endingWithSso(store: AuthSessionStore, isSsoAlive: (id: string) => Promise<boolean>): AuthSessionStore {
  const ifAlive = async (session: AuthSession | undefined) =>
    session?.sso === undefined || (await isSsoAlive(session.sso)) ? session : undefined
  return {
    ...store,
    findAuthSession: async (...key) => ifAlive(await store.findAuthSession(...key)),
    countTry: async (...key) => ifAlive(await store.countTry(...key)),
    setChallenge: async (...change) => ifAlive(await store.setChallenge(...change)),
  }
}
