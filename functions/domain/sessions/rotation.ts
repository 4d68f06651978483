import { fail, type Result, succeed } from '../result.ts'
import { hashSecret, isHashOf, type RandomBytes, successorOf } from './refresh-token.ts'
import { expiryOf, type Session, type SessionLimits, type SessionStore } from './session.ts'

export type RotationFailure = { readonly reason: 'token_reused' | 'session_ended' }

type RotationDependencies = {
  readonly sessions: Pick<SessionStore, 'rotateSession'>
  readonly randomBytes: RandomBytes
  readonly limits: SessionLimits
  readonly grace: number
}

/**
 * The existing successor of a secret, for a client that lost the response or asked twice at once; undefined unless the
 * secret is the previous one and was rotated at most `grace` seconds ago. A grace of 0 allows no retry.
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
 * Replaces the current secret of a session by its successor, in one conditional write. Of any number of rotations at once
 * one wins; the others return the winner's successor, as for a retry.
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
  // Our own salt can also come back from a failed condition: the SDK retried a write that had succeeded.
  if (after.salt === salt) return succeed(successor)
  const winningSecret = successorForRetry(after, secret, now, grace)
  return winningSecret ? succeed(winningSecret) : fail({ reason: 'token_reused' })
}
