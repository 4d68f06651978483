import { sha256 } from '../secret.ts'

/** Of COSE (RFC 9053, RFC 8812), the best first: EdDSA with Ed25519, ES256 with P-256, RS256. */
export const algorithms = [-8, -7, -257] as const

const timeout = 300_000
const challengeLength = 32
const maxUserHandleLength = 64

/** A new challenge (base64url), and the hash that is kept until the response comes. */
export function newChallenge(randomBytes: (count: number) => Uint8Array): {
  readonly challenge: string
  readonly challengeHash: string
} {
  const challenge = Buffer.from(randomBytes(challengeLength)).toString('base64url')
  return { challenge, challengeHash: hashChallenge(challenge) }
}

export const hashChallenge = (challenge: string): string => sha256(challenge)

/**
 * The user handle of an account's first passkey (base64url), which its other passkeys share: the subject, or random where
 * an imported subject is longer than the 64 bytes of WebAuthn L3 4.
 */
export function newUserHandle(subject: string, randomBytes: (count: number) => Uint8Array): string {
  const bytes = Buffer.from(subject)
  return Buffer.from(bytes.length > maxUserHandleLength ? randomBytes(32) : bytes).toString('base64url')
}

type KnownPasskey = { readonly id: string; readonly transports: readonly string[] }

/** What `PublicKeyCredential.parseCreationOptionsFromJSON` takes. */
export function creationOptions({
  rpId,
  rpName,
  userHandle,
  userName,
  displayName,
  exclude,
  challenge,
}: {
  readonly rpId: string
  readonly rpName: string
  /** Base64url. */
  readonly userHandle: string
  readonly userName: string
  readonly displayName: string
  /** The passkeys of the account, so that no authenticator gets a second one. */
  readonly exclude: readonly KnownPasskey[]
  readonly challenge: string
}) {
  return {
    rp: { id: rpId, name: rpName },
    user: { id: userHandle, name: userName, displayName },
    challenge,
    pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg }) as const),
    timeout,
    excludeCredentials: exclude.map(describePasskey),
    // The older member is for authenticators that know only WebAuthn level 1.
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    attestation: 'none',
  } as const
}

/** What `PublicKeyCredential.parseRequestOptionsFromJSON` takes. */
export function requestOptions({
  rpId,
  challenge,
  allow = [],
}: {
  readonly rpId: string
  readonly challenge: string
  /** The passkeys of the account, where it is known. Without them the person picks any that the authenticator holds. */
  readonly allow?: readonly KnownPasskey[]
}) {
  return {
    rpId,
    challenge,
    timeout,
    userVerification: 'required',
    allowCredentials: allow.map(describePasskey),
  } as const
}

const describePasskey = ({ id, transports }: KnownPasskey) => ({ type: 'public-key', id, transports }) as const
