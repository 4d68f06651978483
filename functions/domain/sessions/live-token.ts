import { fail, type Result } from '../result.ts'
import type { AccessTokenClaims, AccessTokenFailure, VerifyAccessToken } from '../tokens/access-token.ts'

/** Whether a session is still stored. */
export type HasSession = (sub: string, id: string) => Promise<boolean>

export type VerifyLiveToken = (
  token: unknown,
) => Promise<Result<AccessTokenClaims, AccessTokenFailure | { readonly reason: 'session_ended' }>>

/** Verifies an access token and that its session has not ended, so that a token can end before it expires. */
export function createVerifyLiveToken(verify: VerifyAccessToken, hasSession: HasSession): VerifyLiveToken {
  return async (token) => {
    const verified = await verify(token)
    if (!verified.ok) return verified
    const { sub, sid } = verified.value
    return sid !== undefined && (await hasSession(sub, sid)) ? verified : fail({ reason: 'session_ended' })
  }
}
