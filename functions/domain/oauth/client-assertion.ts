import type { ClientAssertion, VerifyClientAssertion } from '../clients/authenticate-client.ts'
import { assertionAlgs } from '../clients/client-keys.ts'
import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'
import { readJsonPart, splitCompactJws } from '../tokens/jws.ts'

/** The one `client_assertion_type` (RFC 7523 section 2.2). */
export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Takes an assertion apart; undefined for what is no JWS of a client. Nothing is verified yet. */
export function readClientAssertion(jws: string): ClientAssertion | undefined {
  const parts = splitCompactJws(jws)
  const header = parts && readJsonPart(parts.header)
  const claims = parts && readJsonPart(parts.payload)
  const clientId = claims?.['sub']
  return header && claims && typeof clientId === 'string' ? { jws, clientId, header, claims } : undefined
}

/**
 * Uses up the id of an assertion until then, a NumericDate. False where it has been used: of any number of uses at once one
 * is true.
 */
export type UseAssertionId = (clientId: string, jti: string, until: number) => Promise<boolean>

type Dependencies = { readonly issuer: string; readonly clock: Clock; readonly useAssertionId: UseAssertionId }

/**
 * Verifies how a client proves itself by its key (RFC 7523 section 3, and its revision, by which only the issuer may be the
 * audience: an assertion for another server must not be good here). The id is used up last, so that nobody else can.
 */
export function createVerifyClientAssertion({ issuer, clock, useAssertionId }: Dependencies): VerifyClientAssertion {
  return async ({ jws, clientId, header, claims }, findKeys) => {
    const alg = readHeader(header)
    if (!alg.ok) return alg
    const now = clock()
    const wrong = whatIsWrong(claims, issuer, now)
    if (wrong) return fail({ reason: wrong })
    const { jti, exp } = claims as { readonly jti: string; readonly exp: number }
    // Loaded when it is needed: most clients have a secret.
    const { hasSigned } = await import('./assertion-signature.ts')
    if (!(await hasSigned(await findKeys(), jws, alg.value))) return fail({ reason: 'assertion_signature' })
    // A second longer, because it is good up to this moment.
    return (await useAssertionId(clientId, jti, Math.ceil(exp) + 1))
      ? succeed(undefined)
      : fail({ reason: 'assertion_reused' })
  }
}

type Members = Readonly<Record<string, unknown>>

const types = [undefined, 'JWT', 'client-authentication+jwt', 'application/client-authentication+jwt']

// What changes the meaning of a signature is refused, known or not (RFC 7515 section 4.1.11).
function readHeader({ alg, kid, typ, ...header }: Members): Result<Signing, { readonly reason: 'assertion_header' }> {
  const isOurs =
    typeof alg === 'string' &&
    assertionAlgs.includes(alg) &&
    (kid === undefined || typeof kid === 'string') &&
    types.some((type) => type === typ) &&
    !['crit', 'b64', 'zip'].some((name) => Object.hasOwn(header, name))
  return isOurs ? succeed({ alg, kid }) : fail({ reason: 'assertion_header' })
}

type Signing = { readonly alg: string; readonly kid: string | undefined }

/** In seconds: by how much an assertion may outlive now, by how much a clock may be ahead, and how old it may be. */
const maxLifetime = 300
const maxSkew = 30
const maxAge = 600

const isNumericDate = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

function whatIsWrong({ iss, sub, aud, exp, jti, ...claims }: Members, issuer: string, now: number) {
  const { iat = now, nbf = now } = claims
  if (iss !== sub || typeof jti !== 'string' || jti === '' || jti.length > 256) return 'assertion_claims'
  const [audience, ...others] = [aud].flat()
  if (audience !== issuer || others.length > 0) return 'assertion_audience'
  if (!isNumericDate(exp) || exp <= now || exp > now + maxLifetime) return 'assertion_times'
  if (!isNumericDate(iat) || !isNumericDate(nbf) || Math.max(iat, nbf) > now + maxSkew) return 'assertion_times'
  return iat < now - maxAge ? 'assertion_times' : undefined
}
