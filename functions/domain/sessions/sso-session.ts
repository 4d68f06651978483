import { createHash } from 'node:crypto'
import type { Authentication } from '../authentication.ts'
import type { Clock } from '../clock.ts'

/**
 * The session of a browser that someone signed in with on our pages. Its cookie holds two random parts, of which only hashes
 * are stored: `id` stays when the same person signs in again or proves a factor later, so that sessions of clients go on;
 * `signIn` is another one each time, and with it the cookie. `epoch` is the one that the sign-in read: the session has ended
 * where the subject's is another one. Times are NumericDates with fractions.
 */
export type SsoSession = Authentication & {
  readonly id: string
  readonly signIn: string
  readonly sub: string
  readonly epoch: number
  readonly createdAt: number
  readonly lastUsedAt: number
  /** Whether it was to outlive the browser. */
  readonly isKept: boolean
  /** Sessions of clients that must not begin in it: the codes that they were to begin with were used twice. */
  readonly barred: readonly string[]
}

/** Where SSO sessions are kept. Each change is one conditional write. */
export type SsoStore = {
  /** `expiresAt` is when the store may forget it. */
  /**
   * Stores a session. Where `former` is given, in the place of the one of its id with that sign-in, if that is still there,
   * and of the same person; otherwise false.
   */
  readonly putSso: (session: SsoSession, expiresAt: number, former?: string) => Promise<boolean>
  readonly findSso: (id: string) => Promise<SsoSession | undefined>
  /** Moves its last use, if it is still there. */
  readonly useSso: (id: string, now: number, expiresAt: number) => Promise<void>
  /** False where there was none, or only one with another sign-in than is named. */
  readonly deleteSso: (id: string, signIn?: string) => Promise<boolean>
  /** Adds to the barred sessions, if it is still there. */
  readonly barSession: (id: string, sessionId: string) => Promise<void>
}

type Begun = Authentication & { readonly sub: string; readonly epoch: number; readonly isKept: boolean }

/**
 * A session that has begun, and what its cookie is to hold: 256 random bits, and for how many seconds the browser keeps it,
 * which is as long as the session can live; undefined: until it is closed.
 */
export type BegunSso = {
  readonly session: SsoSession
  readonly token: string
  readonly maxAge: number | undefined
}

export type SsoSessions = {
  /** A new cookie at each authentication. The browser's former session goes on if it is the same person's, else it ends. */
  readonly begin: (begun: Begun, formerToken: string | undefined) => Promise<BegunSso>
  /** That of a cookie, if there is one and it has not expired. Whether its epoch is the subject's is for the caller to compare. */
  readonly find: (token: string | undefined) => Promise<SsoSession | undefined>
  /** Whether one has neither expired nor been ended. */
  readonly isAlive: (id: string) => Promise<boolean>
  /** Whether a session of a client may begin in one: it is alive, of that sign-in, and has not barred it. */
  readonly admits: (sso: Pick<SsoSession, 'id' | 'signIn'>, sessionId: string) => Promise<'yes' | 'barred' | 'ended'>
  readonly bar: (id: string, sessionId: string) => Promise<void>
  /** False where there was none. */
  readonly end: (id: string) => Promise<boolean>
}

const hour = 3600
const day = 24 * hour

/** For how many seconds it lives without being used. */
const idleLimit = ({ isKept }: Pick<SsoSession, 'isKept'>): number => (isKept ? 30 * day : 12 * hour)

// A use is written at most this often.
const useStep = hour

type Dependencies = {
  readonly store: SsoStore
  readonly randomBytes: (count: number) => Uint8Array
  readonly clock: Clock
  /** In seconds, from its beginning. */
  readonly absoluteLimit: number
}

export function createSsoSessions({ store, randomBytes, clock, absoluteLimit }: Dependencies): SsoSessions {
  const endOf = (session: SsoSession): number =>
    Math.min(session.createdAt + absoluteLimit, session.lastUsedAt + idleLimit(session))
  const findAlive = async (id: string): Promise<SsoSession | undefined> => {
    const session = await store.findSso(id)
    return session && clock() < endOf(session) ? session : undefined
  }
  return {
    begin: async ({ sub, epoch, authTime, amr, isKept }, formerToken) => {
      const now = clock()
      const begun = { sub, epoch, authTime, amr, isKept, createdAt: now, lastUsedAt: now, barred: [] }
      const former = formerToken === undefined ? undefined : readToken(formerToken)
      const secret = Buffer.from(randomBytes(secretLength))
      const started = (name: Buffer) => {
        const session: SsoSession = { ...begun, id: hashOf(name), signIn: hashOf(secret) }
        const token = Buffer.concat([name, secret]).toString('base64url')
        return { token, maxAge: isKept ? absoluteLimit : undefined, session }
      }
      if (former) {
        const renewed = started(former.name)
        if (await store.putSso(renewed.session, endOf(renewed.session), hashOf(former.secret))) return renewed
      }
      const fresh = started(Buffer.from(randomBytes(nameLength)))
      await store.putSso(fresh.session, endOf(fresh.session))
      if (former) await store.deleteSso(hashOf(former.name), hashOf(former.secret))
      return fresh
    },
    find: async (token) => {
      const held = token === undefined ? undefined : readToken(token)
      const session = held && (await findAlive(hashOf(held.name)))
      if (!session || session.signIn !== hashOf(held.secret)) return undefined
      const now = clock()
      if (now - session.lastUsedAt < useStep) return session
      await store.useSso(session.id, now, endOf({ ...session, lastUsedAt: now }))
      return session
    },
    isAlive: async (id) => (await findAlive(id)) !== undefined,
    admits: async ({ id, signIn }, sessionId) => {
      const session = await findAlive(id)
      if (session?.signIn !== signIn) return 'ended'
      return session.barred.includes(sessionId) ? 'barred' : 'yes'
    },
    bar: (id, sessionId) => store.barSession(id, sessionId),
    end: (id) => store.deleteSso(id),
  }
}

// In bytes.
const nameLength = 16
const secretLength = 16

/** What a cookie holds; undefined for one that is none of ours. */
function readToken(token: string): { readonly name: Buffer; readonly secret: Buffer } | undefined {
  const bytes = Buffer.from(token, 'base64url')
  return bytes.length === nameLength + secretLength
    ? { name: bytes.subarray(0, nameLength), secret: bytes.subarray(nameLength) }
    : undefined
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64url')
