import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { type Cbor, encodeCbor } from './cbor.ts'

export type Algorithm = 'ES256' | 'Ed25519' | 'RS256'

type CreationOptions = {
  readonly rp: { readonly id: string }
  readonly user: { readonly id: string }
  readonly challenge: string
}
type RequestOptions = { readonly rpId: string; readonly challenge: string }

type Flags = Readonly<Record<'up' | 'uv' | 'be' | 'bs' | 'at' | 'ed', boolean>>

/** What an authenticator, or a browser in front of it, says and signs instead of the truth. */
export type Lies = {
  /** Members of the client data. Undefined leaves one out. */
  readonly clientData?: Readonly<Record<string, unknown>>
  /** The client data as a whole. */
  readonly clientDataJSON?: Uint8Array | string
  /** The RP ID whose hash is signed. */
  readonly rpId?: string
  readonly flags?: Partial<Flags>
  readonly counter?: number
  /** Authenticator data after the flags and the counter. */
  readonly rest?: Uint8Array
  /** What follows the authenticator data. */
  readonly tail?: Uint8Array
  /** Of the JSON, not of what is signed. */
  readonly id?: string
  readonly rawId?: string
  readonly type?: string
  readonly userHandle?: string | null
  readonly transports?: unknown
  /** The credential id in the attested data. */
  readonly credentialId?: Uint8Array
  /** Members of the COSE key. */
  readonly publicKey?: readonly (readonly [label: number, value: Cbor])[]
  readonly format?: string
  readonly statement?: Cbor | ((signed: Uint8Array) => Cbor)
  /** More members of the attestation object. */
  readonly members?: readonly (readonly [name: string, value: Cbor])[]
  /** The attestation object as a whole, from what it would be. */
  readonly attestationObject?: (honest: Uint8Array) => Uint8Array
  readonly signature?: Uint8Array
}

/** The JSON form of a credential, as `credential.toJSON()` of a browser gives it. */
export type CredentialJson = {
  readonly id: string
  readonly rawId: string
  readonly type: string
  readonly authenticatorAttachment: string
  readonly clientExtensionResults: object
  readonly response: Readonly<Record<string, unknown>>
}

export type Authenticator = ReturnType<typeof createAuthenticator>

/** A browser and an authenticator with one passkey, which is synced and counts nothing unless it is told otherwise. */
export function createAuthenticator(algorithm: Algorithm = 'ES256', { origin = 'https://example.com' } = {}) {
  const { privateKey, publicKey } = keyPairs[algorithm]()
  const signs = (data: Uint8Array) => sign(algorithm === 'Ed25519' ? null : 'sha256', data, privateKey)
  const credentialId = randomBytes(32)
  const memory: { userHandle: string | undefined } = { userHandle: undefined }
  const common = { type: 'public-key', authenticatorAttachment: 'platform', clientExtensionResults: {} }

  const describe = (lies: Lies) => {
    const id = lies.id ?? credentialId.toString('base64url')
    return { ...common, id, rawId: lies.rawId ?? id, ...(lies.type !== undefined && { type: lies.type }) }
  }

  return {
    credentialId,

    /** `navigator.credentials.create()` */
    create(options: CreationOptions, lies: Lies = {}): CredentialJson {
      memory.userHandle = options.user.id
      const clientDataJSON = writeClientData('webauthn.create', options.challenge, origin, lies)
      const cose = [...coseKey(algorithm, publicKey)]
      const attested = writeAttestedData(
        lies.credentialId ?? credentialId,
        new Map([...cose, ...(lies.publicKey ?? [])]),
      )
      const authData = writeAuthenticatorData(lies.rpId ?? options.rp.id, { at: true }, lies, attested)
      const { statement = new Map() } = lies
      const object: readonly (readonly [string, Cbor])[] = [
        ['fmt', lies.format ?? 'none'],
        [
          'attStmt',
          typeof statement === 'function' ? statement(signs(signatureBase(authData, clientDataJSON))) : statement,
        ],
        ['authData', authData],
        ...(lies.members ?? []),
      ]
      const alter = lies.attestationObject ?? ((honest: Uint8Array) => honest)
      const response = {
        clientDataJSON: textOf(clientDataJSON),
        attestationObject: textOf(alter(encodeCbor(new Map(object)))),
        authenticatorData: textOf(authData),
        transports: 'transports' in lies ? lies.transports : ['internal', 'hybrid'],
      }
      return { ...describe(lies), response }
    },

    /** `navigator.credentials.get()` */
    get(options: RequestOptions, lies: Lies = {}): CredentialJson {
      const clientDataJSON = writeClientData('webauthn.get', options.challenge, origin, lies)
      const authenticatorData = writeAuthenticatorData(lies.rpId ?? options.rpId, {}, lies)
      const signature = lies.signature ?? signs(signatureBase(authenticatorData, clientDataJSON))
      const userHandle = lies.userHandle === undefined ? memory.userHandle : lies.userHandle
      const response = {
        clientDataJSON: textOf(clientDataJSON),
        authenticatorData: textOf(authenticatorData),
        signature: textOf(signature),
        userHandle,
      }
      return { ...describe(lies), response }
    },
  }
}

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest()
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

const signatureBase = (authenticatorData: Uint8Array, clientDataJSON: Uint8Array) =>
  Buffer.concat([authenticatorData, sha256(clientDataJSON)])

function writeClientData(type: string, challenge: string, origin: string, lies: Lies): Uint8Array {
  const honest = { type, challenge, origin, crossOrigin: false }
  return Buffer.from(lies.clientDataJSON ?? JSON.stringify({ ...honest, ...lies.clientData }))
}

// WebAuthn L3 6.1
function writeAuthenticatorData(
  rpId: string,
  kind: Partial<Flags>,
  lies: Lies,
  attested: Uint8Array = Buffer.alloc(0),
) {
  const flags = { up: true, uv: true, be: true, bs: true, at: false, ed: false, ...kind, ...lies.flags }
  const bits = [flags.up, false, flags.uv, flags.be, flags.bs, false, flags.at, flags.ed]
  const head = Buffer.alloc(5)
  head.writeUInt8(bits.reduce((byte, bit, index) => byte | (Number(bit) << index), 0))
  head.writeUInt32BE(lies.counter ?? 0, 1)
  return Buffer.concat([sha256(rpId), head, lies.rest ?? attested, lies.tail ?? Buffer.alloc(0)])
}

// WebAuthn L3 6.5.1
function writeAttestedData(credentialId: Uint8Array, cose: Cbor): Uint8Array {
  const aaguid = Buffer.alloc(16)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(credentialId.length)
  return Buffer.concat([aaguid, length, credentialId, encodeCbor(cose)])
}

const keyPairs = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  Ed25519: () => generateKeyPairSync('ed25519'),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
} as const

// RFC 9053 section 7, RFC 8230 section 4
function coseKey(algorithm: Algorithm, key: KeyObject): ReadonlyMap<number, Cbor> {
  const jwk = key.export({ format: 'jwk' })
  const [x, y, n, e] = [jwk.x, jwk.y, jwk.n, jwk.e].map((text) => Buffer.from(text ?? '', 'base64url'))
  const members: Readonly<Record<Algorithm, readonly (readonly [number, Cbor | undefined])[]>> = {
    ES256: [
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, x],
      [-3, y],
    ],
    Ed25519: [
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, x],
    ],
    RS256: [
      [1, 3],
      [3, -257],
      [-1, n],
      [-2, e],
    ],
  }
  return new Map(members[algorithm].map(([label, value]) => [label, value ?? Buffer.alloc(0)]))
}
