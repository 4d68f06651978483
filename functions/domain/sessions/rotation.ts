import { fail, type Result, succeed } from '../result.ts'
import { randomSecret } from '../secret.ts'
import { hashSecret, isHashOf, type RandomBytes, successorOf } from './refresh-token.ts'
import { expiryOf, type Session, type SessionLimits, type SessionStore } from './session.ts'

export type RotationFailure = { readonly reason: 'token_reused' | 'session_ended' }

/** The secret to present next, and whether it answers a retry that came later than parallel requests do. */
export type Exchanged = { readonly secret: Uint8Array; readonly isLateRetry: boolean }

/**
 * A secret that was presented with a session, as it is judged. `receivedAt` decides how late a retry is, so that a function
 * that starts cold makes none late.
 */
export type Presented = {
  readonly session: Session
  readonly secret: Uint8Array
  readonly now: number
  readonly receivedAt: number
}

type RotationDependencies = {
  readonly sessions: Pick<SessionStore, 'replaceSession'>
  readonly randomBytes: RandomBytes
  readonly limits: SessionLimits
  readonly grace: number
}

/** How long after a rotation a retry counts as parallel to it, in seconds: tabs that refresh at once. */
const parallelWindow = 2

const day = 86_400
const lateRetriesPerDay = 3

/** What presenting a secret means: its first use, a retry of the use before, or the reuse of one that is used up. */
type Use =
  | { readonly kind: 'first' | 'reuse' }
  | { readonly kind: 'retry'; readonly successor: Uint8Array; readonly isLate: boolean }

/**
 * The previous secret may be retried until `grace` seconds after its rotation: its client lost the response or asked twice
 * at once. After three late retries in 24 hours the next one counts as reuse, so that someone who shares the token is
 * found. A grace of 0 allows no retry.
 */
export function useOf({ session, secret, receivedAt }: Presented, grace: number): Use {
  const { secretHash, salt, lastUsedAt } = session
  if (isHashOf(secretHash, secret)) return { kind: 'first' }
  const age = receivedAt - lastUsedAt
  if (salt === undefined || grace === 0 || age > grace) return { kind: 'reuse' }
  const successor = successorOf(salt, secret)
  if (!isHashOf(secretHash, successor)) return { kind: 'reuse' }
  const isLate = age > parallelWindow
  if (isLate && recentRetries(session, receivedAt).length >= lateRetriesPerDay) return { kind: 'reuse' }
  return { kind: 'retry', successor, isLate }
}

const recentRetries = ({ lateRetries }: Session, now: number): readonly number[] =>
  lateRetries.filter((time) => now - time < day)

/**
 * Exchanges a secret for its successor. The first use rotates and a late retry is counted, each in one conditional write
 * on the state that was judged; if another request has changed that state, the new one is judged.
 */
export async function exchange(
  presented: Presented,
  dependencies: RotationDependencies,
): Promise<Result<Exchanged, RotationFailure>> {
  const use = useOf(presented, dependencies.grace)
  switch (use.kind) {
    case 'reuse':
      return fail({ reason: 'token_reused' })
    case 'first':
      return rotate(presented, dependencies)
    case 'retry':
      if (!use.isLate) return succeed({ secret: use.successor, isLateRetry: false })
      return countRetry(presented, use.successor, dependencies)
  }
}

async function rotate(
  presented: Presented,
  dependencies: RotationDependencies,
): Promise<Result<Exchanged, RotationFailure>> {
  const { session, secret, now } = presented
  const { sessions, randomBytes, limits } = dependencies
  const salt = randomSecret(randomBytes)
  const successor = successorOf(salt, secret)
  const next = { ...session, salt, secretHash: hashSecret(successor), lastUsedAt: now }
  const { session: after } = await sessions.replaceSession(session, next, expiryOf(next, limits))
  if (!after) return fail({ reason: 'session_ended' })
  // Our own salt can also come back from a failed condition: the SDK retried a write that had succeeded.
  if (after.salt === salt) return succeed({ secret: successor, isLateRetry: false })
  return exchange({ ...presented, session: after }, dependencies)
}

// A write that the SDK retried after it had succeeded is counted twice: a count may be too high, never too low.
async function countRetry(
  presented: Presented,
  successor: Uint8Array,
  dependencies: RotationDependencies,
): Promise<Result<Exchanged, RotationFailure>> {
  const { session, receivedAt } = presented
  const { sessions, limits } = dependencies
  const next = { ...session, lateRetries: [...recentRetries(session, receivedAt), receivedAt] }
  const { isReplaced, session: after } = await sessions.replaceSession(session, next, expiryOf(next, limits))
  if (!after) return fail({ reason: 'session_ended' })
  if (isReplaced) return succeed({ secret: successor, isLateRetry: true })
  return exchange({ ...presented, session: after }, dependencies)
}
