import { createPublicKey, type KeyObject } from 'node:crypto'

/** A public key of a client, as a JWK with the members that are needed, and no others. */
export type ClientKey = Readonly<Record<string, string>>

// RFC 7518, RFC 8037, RFC 9864. What each kind of key signs with, and the members that make it up.
const kinds: Readonly<Record<string, { readonly members: readonly string[]; readonly algs: readonly string[] }>> = {
  RSA: { members: ['n', 'e'], algs: ['RS256', 'PS256'] },
  'P-256': { members: ['crv', 'x', 'y'], algs: ['ES256'] },
  'P-384': { members: ['crv', 'x', 'y'], algs: ['ES384'] },
  Ed25519: { members: ['crv', 'x'], algs: ['EdDSA', 'Ed25519'] },
}

const typeOf: Readonly<Record<string, string>> = { RSA: 'RSA', 'P-256': 'EC', 'P-384': 'EC', Ed25519: 'OKP' }

/** What clients may sign with. Never `none`, and nothing that a shared secret makes. */
export const assertionAlgs: readonly string[] = Object.values(kinds).flatMap(({ algs }) => algs)

/** What `jwks` of a client may be, for an error message. */
export const allowedKeys =
  '{"keys":[...]}, 1 to 10 public keys, each kid once: RSA (2048 to 8192 bits, exponent 65537), P-256, P-384 or Ed25519'

const maxKeys = 10

/** The public keys of a JWK Set (RFC 7517 section 5); undefined if a client may not have one of them. */
export function readClientKeys(jwks: unknown): readonly ClientKey[] | undefined {
  const keys: unknown = isObject(jwks) ? jwks['keys'] : undefined
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > maxKeys) return undefined
  const read = keys.map(readKey).filter((key) => key !== undefined)
  const kids = read.flatMap(({ kid }) => (kid === undefined ? [] : [kid]))
  return read.length === keys.length && new Set(kids).size === kids.length ? read : undefined
}

/** Whether a key of a client may have signed by this algorithm. */
export const signsBy = (key: ClientKey, alg: string): boolean =>
  key['alg'] === undefined ? kindOf(key).algs.includes(alg) : key['alg'] === alg

type Members = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const noKind = { members: [], algs: [] }
const nameOf = (key: Members): string => String(key['kty'] === 'RSA' ? 'RSA' : key['crv'])
const kindOf = (key: Members) => (Object.hasOwn(kinds, nameOf(key)) ? kinds[nameOf(key)] : undefined) ?? noKind

// RFC 7518 section 6: what belongs to private and symmetric keys.
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

function readKey(value: unknown): ClientKey | undefined {
  if (!isObject(value) || secretMembers.some((name) => Object.hasOwn(value, name))) return undefined
  const { kty, kid, alg, use = 'sig', key_ops = ['verify'] } = value
  const { members, algs } = kindOf(value)
  if (members.length === 0 || kty !== typeOf[nameOf(value)] || use !== 'sig') return undefined
  if (!Array.isArray(key_ops) || !key_ops.includes('verify')) return undefined
  if (alg !== undefined && !algs.includes(String(alg))) return undefined
  if (kid !== undefined && !(typeof kid === 'string' && /^[\x21-\x7e]{1,128}$/.test(kid))) return undefined
  const parts = members.map((name) => [name, value[name]] as const)
  if (!parts.every(([name, part]) => name === 'crv' || isBase64url(part))) return undefined
  const named = { ...(kid !== undefined && { kid }), ...(alg !== undefined && { alg }) }
  const key = Object.fromEntries([...Object.entries({ kty, ...named }), ...parts]) as ClientKey
  return isStrong(key) ? key : undefined
}

const isBase64url = (value: unknown): boolean => typeof value === 'string' && /^[\w-]{1,1400}$/.test(value)

function isStrong(jwk: ClientKey): boolean {
  const key = importKey(jwk)
  if (jwk['kty'] !== 'RSA') return key !== undefined
  const { modulusLength = 0, publicExponent } = key?.asymmetricKeyDetails ?? {}
  return modulusLength >= 2048 && modulusLength <= 8192 && publicExponent === 65_537n
}

function importKey(key: ClientKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: { ...key }, format: 'jwk' })
  } catch {
    return undefined
  }
}
