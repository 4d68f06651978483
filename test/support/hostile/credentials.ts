import type { CredentialJson, Lies } from '../authenticator.ts'
import { encodeCbor } from '../cbor.ts'

/** What is sent in the place of a credential that would be taken. */
export type HostileCredential = { readonly name: string; readonly make: (honest: CredentialJson) => unknown }

type Row = readonly [name: string, make: HostileCredential['make']]
const toCredential = ([name, make]: Row): HostileCredential => ({ name, make })

const values: readonly (readonly [string, (value: unknown) => unknown])[] = [
  ['nothing', () => undefined],
  ['null', () => null],
  ['a number', () => 0],
  ['true', () => true],
  ['a list', (value) => [value]],
  ['an empty object', () => ({})],
  ['the operator $ne', () => ({ $ne: '' })],
  ['an attribute value', (value) => ({ S: value })],
  ['methods of a text', (value) => ({ toString: value, valueOf: value, length: 32 })],
  ['empty text', () => ''],
  ['padding after it', (value) => `${value}=`],
  ['NUL after it', (value) => `${value}\0`],
  ['half a character after it', (value) => `${value}\ud800`],
  ['__proto__', () => '__proto__'],
  ['constructor', () => 'constructor'],
  ['10,000 characters', () => 'A'.repeat(10_000)],
  ['a deep list', () => nest(1000)],
]

const nest = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))

const outer: readonly HostileCredential[] = ['id', 'rawId', 'type', 'response'].flatMap((member) =>
  values.map(([kind, change]) => ({
    name: `${kind} for ${member}`,
    make: (honest: CredentialJson) => ({ ...honest, [member]: change(Object(honest)[member]) }),
  })),
)

const withResponse = (honest: CredentialJson, change: object) => ({
  ...honest,
  response: { ...honest.response, ...change },
})

const inner = (members: readonly string[]): readonly HostileCredential[] =>
  members.flatMap((member) =>
    values.map(([kind, change]) => ({
      name: `${kind} for response.${member}`,
      make: (honest: CredentialJson) => withResponse(honest, { [member]: change(honest.response[member]) }),
    })),
  )

// An object literal with __proto__ would set the prototype; JSON makes a member of it.
const under = (name: string, value: object) => JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`)

/** Credentials that are none, or that hold what is right where it is not looked for. */
const shapes: readonly HostileCredential[] = (
  [
    ['a number', () => 7],
    ['its JSON as a text', (honest) => JSON.stringify(honest)],
    ['a list of it', (honest) => [honest]],
    ['an empty list', () => []],
    ['a deep list', () => nest(1000)],
    ['an empty object', () => ({})],
    ['all of it in __proto__', (honest) => under('__proto__', honest)],
    ['all of it in constructor.prototype', (honest) => ({ constructor: { prototype: honest } })],
    ['its response in __proto__', ({ response, ...rest }) => ({ ...rest, response: under('__proto__', response) })],
    ['its response beside it', ({ response, ...rest }) => ({ ...rest, ...response })],
    ['another id', (honest) => ({ ...honest, id: 'A'.repeat(43), rawId: 'A'.repeat(43) })],
    ['an id of 2,000 bytes', (honest) => ({ ...honest, id: 'A'.repeat(2668), rawId: 'A'.repeat(2668) })],
  ] as readonly Row[]
).map(toCredential)

/** In the place of a new passkey. */
export const hostileRegistrations: readonly HostileCredential[] = [
  // A log-in without a credential asks for another challenge.
  toCredential(['nothing at all', () => null]),
  ...shapes,
  ...outer,
  ...inner(['clientDataJSON', 'attestationObject']),
  ...[0, 'usb', [0], ['USB'], ['__proto__'], [['usb']], { length: 1 }, Array.from({ length: 11 }, () => 'usb')].map(
    (transports) => ({
      name: `the transports ${JSON.stringify(transports).slice(0, 40)}`,
      make: (honest: CredentialJson) => withResponse(honest, { transports }),
    }),
  ),
  toCredential([
    'a signature beside it',
    (honest) => withResponse(honest, { signature: 'AAAA', authenticatorData: 'AAAA' }),
  ]),
]

/** In the place of a log-in. */
export const hostileAssertions: readonly HostileCredential[] = [
  ...shapes,
  ...outer,
  ...inner(['clientDataJSON', 'authenticatorData', 'signature', 'userHandle']),
  toCredential(['an attestation beside it', (honest) => withResponse(honest, { attestationObject: 'AAAA' })]),
  toCredential([
    'an attestation in the place of it',
    ({ response: { clientDataJSON }, ...rest }) => ({ ...rest, response: { clientDataJSON, attestationObject: 'oA' } }),
  ]),
]

type Lie = { readonly name: string; readonly lies: Lies }

const deepLists = Buffer.concat([Buffer.alloc(900, 0x81), Buffer.of(0)])
const deepMaps = Buffer.concat([Buffer.alloc(800, 'a100', 'hex'), Buffer.of(0)])
const endless = Buffer.from('9b0fffffffffffffff', 'hex')
const manyItems = Buffer.from('9a7fffffff', 'hex')

/** Attested data (WebAuthn L3 6.5.1) whose public key is this CBOR. */
const attested = (key: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.alloc(16), Buffer.of(0, 32), Buffer.alloc(32, 1), key])

const brokenCbors = [
  ['a list of 2^60 items', endless],
  ['a list of 2^31 items', manyItems],
  ['a map of no end', Buffer.of(0xbf)],
  ['nothing', Buffer.alloc(0)],
] as const
const cbors = [['lists 900 deep', deepLists], ['maps 400 deep', deepMaps], ...brokenCbors] as const

const clientDatas: readonly Lie[] = [
  { name: 'client data of 4,000 brackets', lies: { clientDataJSON: '['.repeat(4000) } },
  { name: 'client data that is no UTF-8', lies: { clientDataJSON: Buffer.from('fffe00', 'hex') } },
  { name: 'client data in __proto__', lies: { clientDataJSON: '{"__proto__":{"type":"webauthn.get"}}' } },
  { name: 'another origin', lies: { clientData: { origin: 'https://attacker.example' } } },
  { name: 'the origin in a list', lies: { clientData: { origin: ['http://localhost'] } } },
  { name: 'a frame of another site', lies: { clientData: { crossOrigin: true } } },
  { name: 'another challenge', lies: { clientData: { challenge: 'A'.repeat(43) } } },
  { name: 'another type', lies: { clientData: { type: 'payment.get' } } },
  { name: 'another RP ID', lies: { rpId: 'attacker.example' } },
  { name: 'no verified user', lies: { flags: { uv: false } } },
  { name: 'no user at all', lies: { flags: { up: false, uv: false } } },
]

const extensions: readonly Lie[] = cbors.map(([name, tail]) => ({
  name: `extensions that are ${name}`,
  lies: { flags: { ed: true }, tail },
}))

/** What a new passkey lies about, and signs. */
export const lyingRegistrations: readonly Lie[] = [
  ...clientDatas,
  ...extensions,
  ...cbors.map(([name, bytes]) => ({
    name: `an attestation that is ${name}`,
    lies: { attestationObject: () => bytes },
  })),
  ...cbors.map(([name, bytes]) => ({ name: `a public key that is ${name}`, lies: { rest: attested(bytes) } })),
  { name: 'a statement that is a deep list', lies: { statement: [[[[[[[[[[]]]]]]]]]] } },
  { name: 'certificates', lies: { format: 'packed', statement: new Map([['x5c', [Buffer.alloc(100)]]]) } },
  { name: 'the format __proto__', lies: { format: '__proto__' } },
  { name: 'a format that is not known', lies: { format: 'android-safetynet', statement: new Map([['ver', '1']]) } },
  { name: 'a member too many', lies: { members: [['__proto__', encodedMap()]] } },
  { name: 'an id of no bytes', lies: { credentialId: Buffer.alloc(0) } },
  { name: 'a key of another curve', lies: { publicKey: keyOf(8) } },
  { name: 'a key that is off its curve', lies: { publicKey: keyOf(1) } },
]

function encodedMap(): Uint8Array {
  return encodeCbor(new Map([['type', 'public-key']]))
}

function keyOf(curve: number): NonNullable<Lies['publicKey']> {
  return [
    [1, 2],
    [3, -7],
    [-1, curve],
    [-2, Buffer.alloc(32, 1)],
    [-3, Buffer.alloc(32, 2)],
  ]
}

/** What a passkey lies about when it logs in, and signs. */
export const lyingAssertions: readonly Lie[] = [
  ...clientDatas,
  ...extensions,
  // Not the deep ones: a log-in ignores a public key that can be read, which its passkey has signed.
  ...brokenCbors.map(([name, bytes]) => ({
    name: `a public key that is ${name}`,
    lies: { flags: { at: true }, rest: attested(bytes) },
  })),
  { name: 'a signature of no bytes', lies: { signature: Buffer.alloc(0) } },
  { name: 'a signature of zeros', lies: { signature: Buffer.alloc(64) } },
  { name: 'a signature of 1,024 bytes', lies: { signature: Buffer.alloc(1024, 1) } },
  { name: 'no user', lies: { userHandle: null } },
  { name: 'another user', lies: { userHandle: 'c3ViamVjdA' } },
  { name: 'the user __proto__', lies: { userHandle: Buffer.from('__proto__').toString('base64url') } },
  { name: 'another state of backup', lies: { flags: { be: false, bs: false } } },
]
