import { type KeyObject, verify as verifySignature } from 'node:crypto'
import { type Acr, type Amr, type Authentication, acrOf, isAcr, isAmr } from '../authentication.ts'
import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'
import * as ranges from '../setting-rules.ts'
import { encodePart, readJsonPart, splitCompactJws } from './jws.ts'
import type { VerificationKeys } from './verification-keys.ts'

// Everything that is fixed of our access token is in this file, for signing and for verifying.
const alg = 'RS256'
const typ = 'at+jwt'

/** The maximum lifetime of a token, in seconds, from `iat` to `exp`. */
const { max: maxLifetime } = ranges.accessTokenLifetime

/** By how many seconds `iat`, `nbf` and `auth_time` may be ahead of our clock: those of AWS differ by milliseconds. */
const maxClockSkew = 5

/**
 * Claims of an access token (RFC 9068 section 2.2). Without `auth_time`, `amr` and `acr` nobody has authenticated, as for a
 * machine: that counts as the weakest.
 */
export type AccessTokenClaims = {
  readonly sub: string
  readonly client_id: string
  readonly jti: string
  readonly sid: string | undefined
  readonly scope: string | undefined
  readonly auth_time: number | undefined
  readonly amr: readonly Amr[] | undefined
  readonly acr: Acr | undefined
}

/** `lifetime` in seconds, 60 to 3600. */
export type IssuerRules = { readonly issuer: string; readonly audience: string; readonly lifetime: number }

/** Signs the bytes of a JWS signing input by RSASSA-PKCS1-v1_5 with SHA-256; `kid` names the key. */
export type Signer = { readonly kid: string; readonly sign: (input: Uint8Array) => Promise<Uint8Array> }

/**
 * What a token states. `audience` is the resource that it is for, undefined for the API of the service. `sessionId` is the `sid` claim, `scope` the scope tokens separated by single spaces, `authTime` the
 * NumericDate of the log-in in whole seconds. Without an authentication it is the token of a machine.
 */
type Grant = Partial<Authentication> & {
  readonly subject: string
  readonly clientId: string
  readonly sessionId: string
  readonly scope: string
  readonly audience?: string | undefined
}

export type IssueAccessToken = (grant: Grant) => Promise<string>

/** Issues access tokens (RFC 9068). KMS signs bytes, not tokens, so the JWS is assembled here (RFC 7515 section 5.1). */
export function createIssueAccessToken(
  rules: IssuerRules,
  signer: Signer,
  clock: Clock,
  newId: () => string,
): IssueAccessToken {
  const header = encodePart({ alg, typ, kid: signer.kid })
  return async ({ subject, clientId, sessionId, scope, audience = rules.audience, authTime, amr }) => {
    const iat = clock()
    const claims = encodePart({
      iss: rules.issuer,
      aud: audience,
      sub: subject,
      client_id: clientId,
      iat,
      exp: iat + rules.lifetime,
      jti: newId(),
      sid: sessionId,
      scope,
      auth_time: authTime,
      amr,
      acr: amr && acrOf(amr),
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

const refuse = (reason: AccessTokenFailure['reason']) => fail({ reason })

type VerifierRules = { readonly issuer: string; readonly audience: string; readonly keys: VerificationKeys }

export type VerifyAccessToken = (token: unknown) => Promise<Result<AccessTokenClaims, AccessTokenFailure>>

/**
 * Verifies access tokens as RFC 9068 section 4 requires, and more strictly than libraries do: the form is checked before
 * anything is decoded, the algorithm is fixed, and each claim that is passed on must have its type (RFC 8725bis).
 * @throws Error where verifying itself fails, which is a fault of ours and never admits a token.
 */
export const createVerifyAccessToken = (rules: VerifierRules, clock: Clock): VerifyAccessToken =>
  createVerifier(rules, clock)

/**
 * Verifies all of an access token except its times: one that ends its own session may have expired. It may be for any of
 * the audiences.
 */
export function createVerifyAtAnyTime({
  audiences,
  ...rules
}: Omit<VerifierRules, 'audience'> & { readonly audiences: readonly string[] }): VerifyAccessToken {
  const verifiers = new Map<unknown, VerifyAccessToken>(
    audiences.map((audience) => [audience, createVerifier({ ...rules, audience }, () => undefined)]),
  )
  return async (token) => {
    const jws = splitCompactJws(token)
    const verify = verifiers.get(jws && readJsonPart(jws.payload)?.['aud'])
    return verify ? verify(token) : refuse('wrong_audience')
  }
}

function createVerifier({ keys, ...expected }: VerifierRules, clock: () => number | undefined): VerifyAccessToken {
  const findKey = createKeyFinder(keys)
  return async (token) => {
    const jws = splitCompactJws(token)
    if (!jws) return refuse('malformed')
    const found = findKey(jws.header)
    if (!found.ok) return found
    const key = found.value
    if (!verifySignature('sha256', jws.signingInput, key, jws.signature)) return refuse('bad_signature')
    const claims = readJsonPart(jws.payload)
    return claims ? checkClaims(claims, expected, clock()) : refuse('malformed')
  }
}

/**
 * Finds the key of an encoded header, by exact look-up among our own: headers that bring a key along (jwk, jku, x5u, x5c)
 * are not even read. Tokens of one key have the same header to the byte, so the last one that named a key is remembered;
 * the signature is still checked every time.
 */
function createKeyFinder(keys: VerificationKeys) {
  let last: { readonly header: string; readonly key: KeyObject } | undefined
  return (encoded: string): Result<KeyObject, AccessTokenFailure> => {
    if (encoded === last?.header) return succeed(last.key)
    const header = readJsonPart(encoded)
    if (!header) return refuse('malformed')
    if (!isOurHeader(header)) return refuse('unsupported_header')
    const key = keys.get(String(header['kid']))
    if (!key) return refuse('unknown_key')
    last = { header: encoded, key }
    return succeed(key)
  }
}

/** A token with a wrong signature of the length that the first key makes, so that checking it does all the work. */
export function createBadToken(keys: VerificationKeys): string {
  const [[kid, key] = []] = keys
  const signature = Buffer.alloc((key?.asymmetricKeyDetails?.modulusLength ?? 0) / 8)
  return `${encodePart({ alg, typ, kid })}.${encodePart({})}.${signature.toString('base64url')}`
}

type Members = Readonly<Record<string, unknown>>

// `crit`, `b64` and `zip` change what a signature means (RFC 7515 section 4.1.11, RFC 7797, RFC 7516): we use none.
const isOurHeader = (header: Members): boolean =>
  header['alg'] === alg &&
  (header['typ'] === typ || header['typ'] === `application/${typ}`) &&
  typeof header['kid'] === 'string' &&
  !['crit', 'b64', 'zip'].some((name) => Object.hasOwn(header, name))

const isNumericDate = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isString = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isText = (value: unknown): value is string => typeof value === 'string'
const isAbsentOr = <T>(is: (value: unknown) => value is T, value: unknown): value is T | undefined =>
  value === undefined || is(value)

function checkClaims(
  claims: Members,
  { issuer, audience }: Omit<VerifierRules, 'keys'>,
  now: number | undefined,
): Result<AccessTokenClaims, AccessTokenFailure> {
  const { iss, aud, sub, client_id, jti, sid, scope, auth_time, amr, acr, iat, nbf = iat, exp } = claims
  if (iss !== issuer) return refuse('wrong_issuer')
  // Only this one: a list is refused too, because a token is for one audience (REQ-58).
  if (aud !== audience) return refuse('wrong_audience')
  if (!isNumericDate(iat) || !isNumericDate(nbf) || !isNumericDate(exp) || exp - iat > maxLifetime)
    return refuse('malformed_claims')
  if (!isAbsentOr(isNumericDate, auth_time)) return refuse('malformed_claims')
  if (now !== undefined && exp <= now) return refuse('expired')
  if (now !== undefined && Math.max(iat, nbf, auth_time ?? iat) > now + maxClockSkew) return refuse('not_yet_valid')
  if (!isString(sub) || !isString(client_id) || !isString(jti)) return refuse('malformed_claims')
  if (!isAbsentOr(isText, sid) || !isAbsentOr(isText, scope)) return refuse('malformed_claims')
  if (!isAbsentOr(isAmr, amr) || !isAbsentOr(isAcr, acr)) return refuse('malformed_claims')
  return succeed({ sub, client_id, jti, sid, scope, auth_time, amr, acr })
}
