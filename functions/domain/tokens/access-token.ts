import { type CryptoKey, errors, jwtVerify } from 'jose'
import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'
import { encodePart, isCompactJws, readJsonPart } from './jws.ts'

// All that is fixed of our access token stands in this file, for the side that signs and the side that verifies.
const alg = 'RS256'
const typ = 'at+jwt'

/** The longest life of a token, in seconds, from `iat` to `exp`. */
const longestLifetime = 3600

/** Claims of an access token (RFC 9068 section 2.2). */
export type AccessTokenClaims = {
  readonly sub: string
  readonly client_id: string
  readonly jti: string
  readonly sid?: string
  readonly scope?: string
}

/** `lifetime` in seconds, 60 to 3600. */
export type IssuerRules = { readonly issuer: string; readonly audience: string; readonly lifetime: number }

/** Signs the bytes of a JWS signing input by RSASSA-PKCS1-v1_5 with SHA-256; `kid` names the key. */
export type Signer = { readonly kid: string; readonly sign: (input: Uint8Array) => Promise<Uint8Array> }

/**
 * What a token is about. `sessionId` is the `sid` claim, `scope` its tokens with single spaces between them, `authTime`
 * the NumericDate of the log-in.
 */
type Grant = {
  readonly subject: string
  readonly clientId: string
  readonly sessionId: string
  readonly scope: string
  readonly authTime: number
}

export type IssueAccessToken = (grant: Grant) => Promise<string>

/** Issues access tokens (RFC 9068). KMS signs bytes, not tokens, so the JWS is put together here (RFC 7515 section 5.1). */
export function createAccessTokenIssuer(
  rules: IssuerRules,
  signer: Signer,
  clock: Clock,
  newId: () => string,
): IssueAccessToken {
  const header = encodePart({ alg, typ, kid: signer.kid })
  return async ({ subject, clientId, sessionId, scope, authTime }) => {
    const iat = clock()
    const claims = encodePart({
      iss: rules.issuer,
      aud: rules.audience,
      sub: subject,
      client_id: clientId,
      iat,
      exp: iat + rules.lifetime,
      jti: newId(),
      sid: sessionId,
      scope,
      auth_time: authTime,
    })
    const signature = await signer.sign(Buffer.from(`${header}.${claims}`))
    return `${header}.${claims}.${Buffer.from(signature).toString('base64url')}`
  }
}

export type AccessTokenFailure = {
  readonly reason:
    | 'malformed'
    | 'unsupported_header'
    | 'unknown_key'
    | 'bad_signature'
    | 'wrong_issuer'
    | 'wrong_audience'
    | 'expired'
    | 'not_yet_valid'
    | 'malformed_claims'
}

/** `leeway` in seconds, 0 to 60, for clocks that differ; left out, none is given. */
export type VerifierRules = {
  readonly issuer: string
  readonly audience: string
  readonly keys: ReadonlyMap<string, CryptoKey>
  readonly leeway?: number
}

export type VerifyAccessToken = (token: unknown) => Promise<Result<AccessTokenClaims, AccessTokenFailure>>

/**
 * Verifies access tokens as RFC 9068 section 4 asks, and more strictly than `jose` alone does: the form is checked
 * before anything is decoded, and every claim that is passed on must have its type (RFC 8725bis).
 */
export function createAccessTokenVerifier(rules: VerifierRules, clock: Clock): VerifyAccessToken {
  const { issuer, audience, keys, leeway = 0 } = rules
  if (!(leeway >= 0 && leeway <= 60)) throw new RangeError('The leeway is 0 to 60 seconds.')
  return async (token) => {
    const key = findKey(token, keys)
    if (!key.ok) return key
    const now = clock()
    const options = { algorithms: [alg], issuer, audience, currentDate: new Date(now * 1000), clockTolerance: leeway }
    try {
      await jwtVerify(key.value.token, key.value.key, options)
    } catch (error) {
      return fail({ reason: reasonOf(error) })
    }
    return readClaims(key.value.token, audience, now + leeway)
  }
}

type KeyedToken = { readonly token: string; readonly key: CryptoKey }

// A key is found by exact look-up of `kid` among our own. Key-bearing headers (jwk, jku, x5u, x5c) are not even read.
function findKey(token: unknown, keys: ReadonlyMap<string, CryptoKey>): Result<KeyedToken, AccessTokenFailure> {
  if (!isCompactJws(token)) return fail({ reason: 'malformed' })
  const header = readJsonPart(token.slice(0, token.indexOf('.')))
  if (!header) return fail({ reason: 'malformed' })
  if (!isOurHeader(header)) return fail({ reason: 'unsupported_header' })
  const key = keys.get(String(header['kid']))
  return key ? succeed({ token, key }) : fail({ reason: 'unknown_key' })
}

// `crit`, `b64` and `zip` change what a signature means (RFC 7515 section 4.1.11, RFC 7797, RFC 7516): we use none.
const isOurHeader = (header: Readonly<Record<string, unknown>>): boolean =>
  header['alg'] === alg &&
  (header['typ'] === typ || header['typ'] === `application/${typ}`) &&
  typeof header['kid'] === 'string' &&
  !['crit', 'b64', 'zip'].some((name) => Object.hasOwn(header, name))

function reasonOf(error: unknown): AccessTokenFailure['reason'] {
  if (error instanceof errors.JWTExpired) return 'expired'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad_signature'
  if (error instanceof errors.JWTClaimValidationFailed) return claimReason(error.claim)
  if (error instanceof errors.JOSEError) return 'malformed'
  throw error // Not about the token: a bug, and never an answer.
}

function claimReason(claim: string): AccessTokenFailure['reason'] {
  switch (claim) {
    case 'iss':
      return 'wrong_issuer'
    case 'aud':
      return 'wrong_audience'
    case 'nbf':
      return 'not_yet_valid'
    default:
      return 'malformed_claims'
  }
}

const isNumericDate = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isTextOrAbsent = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string'

// What jose lets pass: an audience among others, claims of any type, an endless life, a token from the future.
function readClaims(token: string, audience: string, latest: number): Result<AccessTokenClaims, AccessTokenFailure> {
  const claims = readJsonPart(token.split('.')[1] ?? '')
  if (!claims) return fail({ reason: 'malformed' })
  const { sub, client_id, jti, sid, scope, aud, iat, exp } = claims
  if (aud !== audience) return fail({ reason: 'wrong_audience' })
  if (!isNumericDate(iat) || !isNumericDate(exp) || exp - iat > longestLifetime)
    return fail({ reason: 'malformed_claims' })
  if (iat > latest) return fail({ reason: 'not_yet_valid' })
  if (!isText(sub) || !isText(client_id) || !isText(jti)) return fail({ reason: 'malformed_claims' })
  if (!isTextOrAbsent(sid) || !isTextOrAbsent(scope)) return fail({ reason: 'malformed_claims' })
  return succeed({
    sub,
    client_id,
    jti,
    ...(sid === undefined ? {} : { sid }),
    ...(scope === undefined ? {} : { scope }),
  })
}
