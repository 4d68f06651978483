import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { message } from './gateway-answer.ts'
import { readIdentity, refused, type Verdict } from './http-authorizer.ts'
import type { ProxyEvent } from './proxy-event.ts'

/** API Gateway's own authorizer, as a route has it. */
export type JwtAuthorizer = {
  readonly identitySource: string
  readonly issuer: string
  readonly audiences: readonly string[]
  /** A token needs one of them; none if there are none. */
  readonly scopes: readonly string[]
}

export type AuthorizeJwt = (authorizer: JwtAuthorizer, event: ProxyEvent) => Promise<Verdict>

/** Reads JSON at an address; an issuer that does not answer is a fault and nobody is let in. */
export type ReadDocument = (url: string) => Promise<Readonly<Record<string, unknown>>>

type Failure = { readonly description: string }

/** Verifies tokens as API Gateway does by itself, by the keys that the issuer's metadata lead to. They are read once. */
export function createJwtAuthorize(read: ReadDocument, clock: () => number): AuthorizeJwt {
  const known = new Map<string, JWTVerifyGetKey>()
  const keysOf = async (issuer: string) => {
    const keys = known.get(issuer) ?? (await readKeys(issuer, read))
    known.set(issuer, keys)
    return keys
  }
  return async (authorizer, event) => {
    const identity = readIdentity(authorizer.identitySource, event)
    if (!identity) return challenge(401, 'Unauthorized', 'Bearer')
    const token = identity.replace(/^Bearer +/i, '')
    const claims = await verify(token, authorizer, await keysOf(authorizer.issuer), clock())
    return 'description' in claims ? refuseToken(authorizer, claims) : judgeScopes(authorizer, claims.payload)
  }
}

async function readKeys(issuer: string, read: ReadDocument): Promise<JWTVerifyGetKey> {
  const { jwks_uri } = await read(`${issuer}/.well-known/openid-configuration`)
  return createLocalJWKSet((await read(String(jwks_uri))) as unknown as JSONWebKeySet)
}

async function verify(
  token: string,
  { issuer, audiences }: JwtAuthorizer,
  keys: JWTVerifyGetKey,
  now: number,
): Promise<{ readonly payload: JWTPayload } | Failure> {
  try {
    const options = { algorithms: ['RS256', 'RS384', 'RS512'], issuer, requiredClaims: ['exp'] }
    const { payload } = await jwtVerify(token, keys, { ...options, currentDate: new Date(now * 1000) })
    // Without an audience the client stands for it.
    const named = [payload.aud ?? payload['client_id']].flat()
    if (!named.some((name) => audiences.includes(String(name))))
      return { description: 'the token does not have a valid audience' }
    return (payload.iat ?? 0) > now ? { description: 'the token is used before it was issued' } : { payload }
  } catch (error) {
    return { description: describe(error) }
  }
}

function describe(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired'
  if (error instanceof errors.JWSInvalid) return 'token contains an invalid number of segments'
  if (error instanceof errors.JOSEError) return 'the token is not valid'
  throw error
}

const refuseToken = ({ scopes }: JwtAuthorizer, { description }: Failure): Verdict =>
  challenge(
    401,
    'Unauthorized',
    `Bearer scope="${scopes.join(' ')}" error="invalid_token" error_description="${description}"`,
  )

function judgeScopes({ scopes }: JwtAuthorizer, claims: JWTPayload): Verdict {
  const granted = String(claims['scope'] ?? claims['scp'] ?? '').split(/[ ,]/)
  if (scopes.length > 0 && !scopes.some((scope) => granted.includes(scope))) {
    return challenge(403, 'Forbidden', `Bearer scope="${scopes.join(' ')}" error="insufficient_scope"`)
  }
  const identity = { jwt: { claims: textsOf(claims), scopes: scopes.length > 0 ? granted : null } }
  return { allowed: true, identity }
}

// A function gets every claim as a text, a list as [one two].
function textsOf(claims: JWTPayload): Readonly<Record<string, string>> {
  const textOf = (value: unknown) => (Array.isArray(value) ? `[${value.join(' ')}]` : String(value))
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, textOf(value)]))
}

function challenge(status: number, text: string, value: string): Verdict {
  const answer = message(status, text)
  return refused({ ...answer, headers: [...answer.headers, ['www-authenticate', value]] })
}
