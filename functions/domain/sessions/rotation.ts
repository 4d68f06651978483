import { fail, type Result, succeed } from '../result.ts'
import { hashSecret, isHashOf, type RandomBytes, successorOf } from './refresh-token.ts'
import { expiryOf, type Session, type SessionLimits, type SessionStore } from './session.ts'

export type RotationFailure = { readonly reason: 'token_reused' | 'session_ended' }

export type RotationDependencies = {
  readonly sessions: Pick<SessionStore, 'rotateSession'>
  readonly randomBytes: RandomBytes
  readonly limits: SessionLimits
  readonly grace: number
}

/**
 * The successor that a secret already has, for a client that lost the answer or asked twice at once; undefined unless it
 * is the one before the present and was rotated at most `grace` seconds ago. Without grace there is no second time.
 */
export function successorForRetry(
  { secretHash, salt, lastUsedAt }: Session,
  secret: Uint8Array,
  now: number,
  grace: number,
): Uint8Array | undefined {
  if (salt === undefined || grace === 0 || now - lastUsedAt > grace) return undefined
  const successor = successorOf(salt, secret)
  return isHashOf(secretHash, successor) ? successor : undefined
}

/**
 * Puts a successor in the place of the session's present secret, in one conditional write. Of any number of rotations
 * at once one wins; the others give its successor, as to a retry.
 */
export async function rotate(
  session: Session,
  secret: Uint8Array,
  now: number,
  { sessions, randomBytes, limits, grace }: RotationDependencies,
): Promise<Result<Uint8Array, RotationFailure>> {
  const salt = Buffer.from(randomBytes(32)).toString('base64url')
  const successor = successorOf(salt, secret)
  const next = { ...session, salt, secretHash: hashSecret(successor), lastUsedAt: now }
  const after = await sessions.rotateSession(next, session.secretHash, expiryOf(next, limits))
  if (!after) return fail({ reason: 'session_ended' })
  // Our own salt may also come back from a failed condition: the write was done before, and its answer got lost.
  if (after.salt === salt) return succeed(successor)
  const winningSecret = successorForRetry(after, secret, now, grace)
  return winningSecret ? succeed(winningSecret) : fail({ reason: 'token_reused' })
}
