import { fail, type Result, succeed } from '../result.ts'

/** What a browser's `credential.toJSON()` gave: read and bounded, but not verified. Bytes are base64url without padding. */
export type Credential = RegistrationCredential | AssertionCredential

export type RegistrationCredential = {
  readonly kind: 'registration'
  readonly id: string
  readonly clientDataJSON: string
  readonly attestationObject: string
  readonly transports: readonly string[]
}

export type AssertionCredential = {
  readonly kind: 'assertion'
  readonly id: string
  readonly clientDataJSON: string
  readonly authenticatorData: string
  readonly signature: string
  readonly userHandle?: string
}

export type MalformedCredential = { readonly reason: 'malformed' }

type Members = Readonly<Record<string, unknown>>

/** Reads the JSON form of a credential (WebAuthn L3 5.1.1). Members that are not needed are ignored. */
export function readCredential(json: unknown): Result<Credential, MalformedCredential> {
  const { id, rawId, type, response } = membersOf(json)
  const parts = membersOf(response)
  const { clientDataJSON } = parts
  if (!isBytes(id, { min: 16, max: 1023 }) || rawId !== id || type !== 'public-key') return malformed
  if (!isBytes(clientDataJSON, { max: 4096 })) return malformed
  const isRegistration = parts['attestationObject'] !== undefined
  return isRegistration ? readRegistration(id, clientDataJSON, parts) : readAssertion(id, clientDataJSON, parts)
}

function readRegistration(id: string, clientDataJSON: string, { attestationObject, transports, signature }: Members) {
  const known = transports ?? []
  if (!isBytes(attestationObject, { max: 8192 }) || !isTransports(known) || signature !== undefined) return malformed
  const kind = 'registration' as const
  return succeed({ kind, id, clientDataJSON, attestationObject, transports: [...new Set(known)].sort() })
}

function readAssertion(id: string, clientDataJSON: string, { authenticatorData, signature, userHandle }: Members) {
  if (!isBytes(authenticatorData, { min: 37, max: 1024 }) || !isBytes(signature, { max: 1024 })) return malformed
  const assertion = { kind: 'assertion', id, clientDataJSON, authenticatorData, signature } as const
  if (userHandle === undefined || userHandle === null) return succeed(assertion)
  return isBytes(userHandle, { max: 64 }) ? succeed({ ...assertion, userHandle }) : malformed
}

const malformed = fail<MalformedCredential>({ reason: 'malformed' })

const membersOf = (value: unknown): Members => (typeof value === 'object' && value !== null ? { ...value } : {})

/** Whether a value is so many bytes in base64url, in the one form that has no padding and no stray bits at its end. */
function isBytes(value: unknown, { min = 1, max }: { readonly min?: number; readonly max: number }): value is string {
  if (typeof value !== 'string' || value.length > Math.ceil((max * 4) / 3)) return false
  const bytes = Buffer.from(value, 'base64url')
  return bytes.length >= min && bytes.length <= max && bytes.toString('base64url') === value
}

// Names that do not exist yet are kept: a browser that sends them understands them (WebAuthn L3 5.8.4).
const isTransports = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length <= 10 && value.every(isTransport)
const isTransport = (value: unknown): boolean => typeof value === 'string' && /^[a-z][a-z-]{0,31}$/.test(value)
