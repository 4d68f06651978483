import { fail, type Result, succeed } from '../result.ts'

/** What sessions read of an account. `scope` is everything that an administrator has given it. */
export type SessionAccount = {
  readonly sub: string
  readonly username: string
  readonly scope: readonly string[]
  readonly disabled: boolean
  readonly epoch: number
}

export type FindAccount = (username: string) => Promise<SessionAccount | undefined>

/**
 * What a log-in began. Times are NumericDates, with fractions, so that two log-ins of one second have an order.
 * Of the refresh token a hash is kept, nothing that could be presented.
 */
export type Session = {
  /** The `sid` of its access tokens. */
  readonly id: string
  readonly sub: string
  /** The canonical name of its account, by which the account is found. */
  readonly username: string
  readonly clientId: string
  readonly scope: readonly string[]
  /** The account's epoch when it began. */
  readonly epoch: number
  readonly createdAt: number
  /** When its refresh token was last rotated; before that, when it began. */
  readonly lastUsedAt: number
  /** Of the secret that is to be presented next. */
  readonly secretHash: string
  /** Makes that secret of the one before; absent until the first rotation. */
  readonly salt?: string
}

/** How long a session lives, in seconds: without a refresh, and at all. */
export type SessionLimits = { readonly idle: number; readonly absolute: number }

/** Where sessions are kept. Reads are strongly consistent, each change is one conditional write. */
export type SessionStore = {
  readonly findSession: (sub: string, id: string) => Promise<Session | undefined>
  readonly listSessions: (sub: string) => Promise<readonly Session[]>
  /** `expiresAt` is when the store may forget it. */
  readonly putNewSession: (session: Session, expiresAt: number) => Promise<void>
  /**
   * Puts a session's next state in the place of the one with `secretHash`. Gives the session as it stands afterwards,
   * which is another's doing if another came first; undefined where it has ended.
   */
  readonly rotateSession: (next: Session, secretHash: string, expiresAt: number) => Promise<Session | undefined>
  /** False where there was none. */
  readonly deleteSession: (sub: string, id: string) => Promise<boolean>
  /** Deletes all of a subject's. */
  readonly deleteSessions: (sub: string) => Promise<void>
}

/** When a session ends unless it is refreshed. No refresh moves the absolute end. */
export const expiryOf = ({ createdAt, lastUsedAt }: Session, { idle, absolute }: SessionLimits): number =>
  Math.min(createdAt + absolute, lastUsedAt + idle)

export type SessionEnd = {
  readonly reason: 'session_expired' | 'user_gone' | 'user_disabled' | 'session_ended'
}

/**
 * Whether a session is alive, by its account as it is now. The clock decides and not the store, which may forget days
 * late (REQ-135).
 */
export function checkAlive<Account extends SessionAccount>(
  session: Session,
  account: Account | undefined,
  now: number,
  limits: SessionLimits,
): Result<Account, SessionEnd> {
  if (now >= expiryOf(session, limits)) return fail({ reason: 'session_expired' })
  // A name may have been given to someone else since; a subject never is.
  if (account?.sub !== session.sub) return fail({ reason: 'user_gone' })
  if (account.disabled) return fail({ reason: 'user_disabled' })
  if (account.epoch !== session.epoch) return fail({ reason: 'session_ended' })
  return succeed(account)
}

/** Latest first. Of two that began at the same instant all readers must see the same order. */
export const byAge = (a: Session, b: Session): number => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)
