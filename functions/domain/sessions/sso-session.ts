import type { Authentication } from '../authentication.ts'
import type { Clock } from '../clock.ts'
import { sha256 } from '../secret.ts'

/**
 * The session of a browser that someone signed in with on our pages. Its cookie holds a name (128 random bits), which stays
 * when the same person signs in again, so that the sessions of clients go on, and a secret (256 bits), which each sign-in
 * replaces. Only hashes are stored: `id` is the one of the name, `signIn` the one of the secret. `epoch` is the one that the
 * sign-in read: the session has ended where the subject's is another one. Times are NumericDates with fractions.
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

type SsoSignIn = Pick<SsoSession, 'id' | 'signIn'>

/** Where SSO sessions are kept. Each change is one conditional write. */
export type SsoStore = {
  /**
   * Stores a session. With `former`, only in the place of the session of the same id, person and epoch that has that
   * sign-in and has not expired; otherwise false. `expiresAt` is when the store may forget it.
   */
  readonly putSso: (session: SsoSession, expiresAt: number, former?: string) => Promise<boolean>
  readonly findSso: (id: string) => Promise<SsoSession | undefined>
  /** Moves its last use, if that sign-in is still there. */
  readonly useSso: (sso: SsoSignIn, now: number, expiresAt: number) => Promise<void>
  /** False where there was none. */
  readonly deleteSso: (id: string) => Promise<boolean>
  /** Adds to the barred sessions, if it is still there. */
  readonly barSession: (id: string, sessionId: string) => Promise<void>
}

type Begun = Authentication & { readonly sub: string; readonly epoch: number; readonly isKept: boolean }

/**
 * A session that has begun, what its cookie is to hold, and for how many seconds the browser keeps it, which is as long as
 * the session can live; undefined: until it is closed.
 */
export type BegunSso = {
  readonly session: SsoSession
  readonly token: string
  readonly maxAge: number | undefined
}

export type SsoSessions = {
  /** A new cookie at each authentication. The browser's former session goes on if it is the same person's, else it ends. */
  readonly begin: (begun: Begun, formerToken: string | undefined) => Promise<BegunSso>
  /** The same for a factor that is added to the session `id`: undefined where the cookie is not of that, or it has ended. */
  readonly renew: (begun: Begun, formerToken: string | undefined, id: string) => Promise<BegunSso | undefined>
  /** That of a cookie, if there is one and it has not expired. Whether its epoch is the subject's is for the caller to compare. */
  readonly find: (token: string | undefined) => Promise<SsoSession | undefined>
  /** The same also for the cookie of a former sign-in: a log-out ends what a sign-in at the same time has renewed. */
  readonly findToEnd: (token: string | undefined) => Promise<SsoSession | undefined>
  /** Whether one has neither expired nor been ended. */
  readonly isAlive: (id: string) => Promise<boolean>
  /** Whether a session of a client may begin in one: it is alive, of that sign-in, and has not barred it. */
  readonly admits: (sso: SsoSignIn, sessionId: string) => Promise<'yes' | 'barred' | 'ended'>
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
  /** With `former`, in its place; undefined where that is no longer there. */
  const put = async ({ sub, epoch, authTime, amr, isKept }: Begun, name: Uint8Array, former?: SsoSignIn) => {
    const now = clock()
    const secret = randomBytes(secretLength)
    const times = { authTime, createdAt: now, lastUsedAt: now }
    const session = { id: sha256(name), signIn: sha256(secret), sub, epoch, amr, isKept, ...times, barred: [] }
    if (!(await store.putSso(session, endOf(session), former?.signIn))) return undefined
    const token = Buffer.concat([name, secret]).toString('base64url')
    return { session, token, maxAge: isKept ? absoluteLimit : undefined }
  }
  return {
    begin: async (begun, formerToken) => {
      const former = readToken(formerToken)
      const renewed = former && (await put(begun, former.name, former))
      if (renewed) return renewed
      const fresh = await put(begun, randomBytes(nameLength))
      if (!fresh) throw new Error('A session that is new was not stored.')
      // Another sign-in in this browser may have renewed it meanwhile: nobody could end that one by signing out.
      if (former) await store.deleteSso(former.id)
      return fresh
    },
    renew: async (begun, formerToken, id) => {
      const former = readToken(formerToken)
      return former?.id === id ? put(begun, former.name, former) : undefined
    },
    find: async (token) => {
      const held = readToken(token)
      const session = held && (await findAlive(held.id))
      if (!session || session.signIn !== held?.signIn) return undefined
      const now = clock()
      if (now - session.lastUsedAt < useStep) return session
      await store.useSso(session, now, endOf({ ...session, lastUsedAt: now }))
      return session
    },
    findToEnd: async (token) => {
      const held = readToken(token)
      return held && findAlive(held.id)
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
const secretLength = 32

/** The two parts of a cookie and their hashes, undefined for a cookie that is not one of ours. */
function readToken(token = '') {
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length !== nameLength + secretLength) return undefined
  const name = bytes.subarray(0, nameLength)
  return { name, id: sha256(name), signIn: sha256(bytes.subarray(nameLength)) }
}
