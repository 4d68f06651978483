import { createHash, verify as verifySignature } from 'node:crypto'
import { type Authentication, acrOf } from '../authentication.ts'
import type { Clock } from '../clock.ts'
import type { Signer } from './access-token.ts'
import { encodePart, readJsonPart, splitCompactJws } from './jws.ts'
import type { VerificationKeys } from './verification-keys.ts'

// Everything that is fixed of our ID token is in this file. Its `typ` keeps it from being taken as an access token.
const alg = 'RS256'
const typ = 'JWT'

/** What an ID token states. `accessToken` is the one that comes with it, `authTime` a NumericDate. */
type Statement = Authentication & {
  readonly sub: string
  readonly clientId: string
  readonly sessionId: string
  readonly nonce: string | undefined
  readonly accessToken: string
}

export type IssueIdToken = (statement: Statement) => Promise<string>

/** Issues ID tokens (OpenID Connect Core section 2). `lifetime` in seconds. */
export function createIssueIdToken(
  { issuer, lifetime }: { readonly issuer: string; readonly lifetime: number },
  signer: Signer,
  clock: Clock,
): IssueIdToken {
  const header = encodePart({ alg, typ, kid: signer.kid })
  return async ({ sub, clientId, sessionId, nonce, accessToken, authTime, amr }) => {
    const iat = Math.floor(clock())
    const claims = encodePart({
      iss: issuer,
      aud: clientId,
      sub,
      iat,
      exp: iat + lifetime,
      auth_time: Math.floor(authTime),
      nonce,
      amr,
      acr: acrOf(amr),
      sid: sessionId,
      at_hash: hashOf(accessToken),
    })
    const signature = await signer.sign(Buffer.from(`${header}.${claims}`))
    return `${header}.${claims}.${Buffer.from(signature).toString('base64url')}`
  }
}

// Section 3.1.3.6: the left half of the hash that the algorithm uses.
const hashOf = (accessToken: string): string =>
  createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url')

/** An ID token of ours that a client gives back as a hint. It may have expired. */
type IdTokenHint = { readonly sub: string; readonly clientId: string; readonly sessionId: string }

export type ReadIdTokenHint = (token: string) => IdTokenHint | undefined

/**
 * Reads an ID token that a client gives back (RP-Initiated Logout 1.0 section 4): signature, issuer and form are verified,
 * but not its times, because clients keep it for as long as the session lives.
 */
export function createReadIdTokenHint(issuer: string, keys: VerificationKeys): ReadIdTokenHint {
  return (token) => {
    const jws = splitCompactJws(token)
    const header = jws && readJsonPart(jws.header)
    if (!jws || header?.['alg'] !== alg || header['typ'] !== typ || 'crit' in header) return undefined
    const key = keys.get(String(header['kid']))
    if (!key || !verifySignature('sha256', jws.signingInput, key, jws.signature)) return undefined
    const { iss, aud, sub, sid } = readJsonPart(jws.payload) ?? {}
    if (iss !== issuer || typeof aud !== 'string' || typeof sub !== 'string' || typeof sid !== 'string')
      return undefined
    return { sub, clientId: aud, sessionId: sid }
  }
}
