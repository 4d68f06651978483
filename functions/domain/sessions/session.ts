import type { Authentication } from '../authentication.ts'
import { fail, type Result, succeed } from '../result.ts'

/**
 * What sessions read of an account. `scope` is everything that an administrator has given it, `groups` are absent where it
 * is in none.
 */
export type SessionAccount = {
  readonly sub: string
  readonly scope: readonly string[]
  readonly groups?: readonly string[] | undefined
  readonly disabled: boolean
}

export type FindAccount = (sub: string) => Promise<SessionAccount | undefined>

/** What a session is that a client began with an authorization code. */
export type CodeGrant = {
  /** The registration of the client. Where it was deleted and registered again, the session has ended. */
  readonly registration: string
  /** Whether its tokens may read and change the account itself. */
  readonly isFirstParty: boolean
  /** The SSO session that it began in; absent where that ended and the session was allowed to go on. */
  readonly sso?: string
  /** Whether it goes on when the SSO session ends (OpenID Connect Core section 11): it was granted `offline_access`. */
  readonly isOffline: boolean
  /** What its access tokens are for, if not the API of the service: the URL of a resource. */
  readonly resource?: string
}

/** The SSO session that a session ends with. */
export const ssoOf = ({ codeGrant }: Pick<Session, 'codeGrant'>): string | undefined =>
  codeGrant?.isOffline === false ? codeGrant.sso : undefined

/** Whether it is a log-in, or of a client of the owner of the service. */
export const isFirstParty = ({ codeGrant }: Pick<Session, 'codeGrant'>): boolean => codeGrant?.isFirstParty ?? true

/** Whether its tokens may read and change the account: those for a resource are not for the routes that do. */
export const managesAccount = (session: Pick<Session, 'codeGrant'>): boolean =>
  isFirstParty(session) && session.codeGrant?.resource === undefined

/**
 * What a log-in began. Times are NumericDates, with fractions, so that two log-ins in one second have an order. Of the
 * refresh token only a hash is kept. `authTime` is earlier than `createdAt` where the session replaces another one.
 */
export type Session = Authentication & {
  /** The `sid` of its access tokens. */
  readonly id: string
  readonly sub: string
  readonly clientId: string
  readonly scope: readonly string[]
  /** The epoch of the subject that the log-in read. A session of an earlier epoch has ended. */
  readonly epoch: number
  readonly createdAt: number
  /** When its refresh token was last rotated; before that, when it began. */
  readonly lastUsedAt: number
  /** Hash of the secret to be presented next. */
  readonly secretHash: string
  /** Derives that secret from the one before; absent until the first rotation. */
  readonly salt?: string
  /** The claims of the owner's hook at its start, as JSON; absent where there are none. */
  readonly claims?: string | undefined
  /** Absent where it began at a log-in by name and password or passkey. */
  readonly codeGrant?: CodeGrant
  /** When the previous secret was presented again, later than parallel requests are; the last day's at most. */
  readonly lateRetries: readonly number[]
}

/** How long a session lives, in seconds: without a refresh, and in total. */
export type SessionLimits = { readonly idle: number; readonly absolute: number }

/**
 * Where sessions are kept, and the epoch of each subject: it only grows, raising it ends every session that began before,
 * and it stays when the account is deleted. Reads are strongly consistent, each change is one conditional write.
 */
export type SessionStore = {
  /** 0 where no session of the subject was ever ended this way. */
  readonly readEpoch: (sub: string) => Promise<number>
  readonly raiseEpoch: (sub: string) => Promise<void>
  readonly findSession: (sub: string, id: string) => Promise<Session | undefined>
  /** All sessions of a subject, ended ones too, and its epoch. */
  readonly listSessions: (sub: string) => Promise<{ readonly epoch: number; readonly sessions: readonly Session[] }>
  /** `expiresAt` is when the store may forget it. */
  readonly putNewSession: (session: Session, expiresAt: number) => Promise<void>
  /**
   * Replaces a session by its next state, if its secret and its late retries are still those of `from`. `session` is what
   * is stored afterwards: another request's state if that came first, undefined where the session has ended.
   */
  readonly replaceSession: (
    from: Session,
    to: Session,
    expiresAt: number,
  ) => Promise<{ readonly isReplaced: boolean; readonly session: Session | undefined }>
  /** False where there was none. */
  readonly deleteSession: (sub: string, id: string) => Promise<boolean>
}

/** When a session ends unless it is refreshed. No refresh moves the absolute end. */
export const expiryOf = ({ createdAt, lastUsedAt }: Session, { idle, absolute }: SessionLimits): number =>
  Math.min(createdAt + absolute, lastUsedAt + idle)

/** The clock decides and not the store, which may forget days late (REQ-135). */
export const isExpired = (session: Session, now: number, limits: SessionLimits): boolean =>
  now >= expiryOf(session, limits)

export type SessionEnd = {
  readonly reason: 'session_expired' | 'user_gone' | 'user_disabled' | 'session_ended'
}

/** Whether a session may go on by the clock and by its account; its epoch is compared after the last write. */
export function checkAlive<Account extends SessionAccount>(
  session: Session,
  account: Account | undefined,
  now: number,
  limits: SessionLimits,
): Result<Account, SessionEnd> {
  if (isExpired(session, now, limits)) return fail({ reason: 'session_expired' })
  if (!account) return fail({ reason: 'user_gone' })
  if (account.disabled) return fail({ reason: 'user_disabled' })
  return succeed(account)
}

/** Latest first. Two that began at the same instant have the same order for all readers. */
export const byAge = (a: Session, b: Session): number => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)
