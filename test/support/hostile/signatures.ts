import { constants, createHmac, createPublicKey, type KeyObject, sign as signBytes } from 'node:crypto'
import { forge, type TestKey } from '../builders/signing-key.ts'
import { type Forgery, type HostileToken, hostile } from './forgery.ts'

const pem = (key: KeyObject, type: 'spki' | 'pkcs1') => String(key.export({ type, format: 'pem' }))
const der = (key: KeyObject, type: 'spki' | 'pkcs1') => key.export({ type, format: 'der' })

/** What a verifier that takes a public key for a shared secret may hold in its hands: every way of writing the key. */
const spellingsOfAKey: Readonly<Record<string, (key: KeyObject, jwk: TestKey['jwk']) => string | Buffer>> = {
  PEM: (key) => pem(key, 'spki'),
  'PEM without its last line feed': (key) => pem(key, 'spki').trimEnd(),
  'PEM with CR and LF': (key) => pem(key, 'spki').replaceAll('\n', '\r\n'),
  'PEM in one line': (key) => pem(key, 'spki').replaceAll('\n', ''),
  'PKCS 1': (key) => pem(key, 'pkcs1'),
  'PKCS 1 without its last line feed': (key) => pem(key, 'pkcs1').trimEnd(),
  DER: (key) => der(key, 'spki'),
  'PKCS 1 in DER': (key) => der(key, 'pkcs1'),
  'DER in base64': (key) => der(key, 'spki').toString('base64'),
  JWK: (_, jwk) => JSON.stringify(jwk),
  'JWK of its required members': (_, { kty, n, e }) => JSON.stringify({ e, kty, n }),
  'JWK Set': (_, jwk) => JSON.stringify({ keys: [jwk] }),
  modulus: (_, { n }) => Buffer.from(n, 'base64url'),
  'modulus in base64url': (_, { n }) => n,
  kid: (_, { kid }) => kid,
  'empty text': () => '',
}

const inputOf = (token: string) => token.slice(0, token.lastIndexOf('.'))

function macRows(alg: 'HS256' | 'RS256', reason: HostileToken['reason']) {
  return Object.entries(spellingsOfAKey).map(([name, spell]) => {
    const make = ({ key, sign, header, claims }: Forgery) => {
      const input = inputOf(sign({ ...header, alg }, claims))
      const secret = spell(createPublicKey(key.privateKey), key.jwk)
      return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
    }
    return hostile([`an HMAC by the public key as ${name}, under alg ${alg}`, make, reason])
  })
}

const encode = (bytes: Buffer) => bytes.toString('base64url')

// What stands in for the signature of a good token.
const signatures = (
  [
    ['of zeros', () => 'A'.repeat(342)],
    ['of ones', () => encode(Buffer.alloc(256, 255))],
    ['of one byte', () => 'AA'],
    ['of the number 1', () => encode(Buffer.alloc(256).fill(1, 255))],
    ['cut by a byte', (signature) => encode(signature.subarray(0, -1))],
    ['cut to three bytes', (signature) => encode(signature.subarray(0, 3))],
    ['with a zero before', (signature) => encode(Buffer.concat([Buffer.alloc(1), signature]))],
    ['with a zero after', (signature) => encode(Buffer.concat([signature, Buffer.alloc(1)]))],
    ['written twice', (signature) => encode(Buffer.concat([signature, signature]))],
    ['written backwards', (signature) => encode(Buffer.from(signature).reverse())],
    ['of one bit changed', (signature) => encode(Buffer.from(signature).fill((signature[0] ?? 0) ^ 1, 0, 1))],
    // The same number modulo n: RFC 8017 section 8.2.2 asks for a signature below n.
    ['greater by the modulus', (signature, { jwk }) => encode(plus(signature, Buffer.from(jwk.n, 'base64url')))],
  ] as const satisfies readonly (readonly [string, (signature: Buffer, key: TestKey) => string])[]
).map(([name, change]) =>
  hostile([
    `a signature ${name}`,
    ({ good, key }) => `${inputOf(good)}.${change(Buffer.from(good.slice(good.lastIndexOf('.')), 'base64url'), key)}`,
    'bad_signature',
  ]),
)

function plus(a: Buffer, b: Buffer): Buffer {
  const sum = BigInt(`0x${a.toString('hex')}`) + BigInt(`0x${b.toString('hex')}`)
  const hex = sum.toString(16)
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')
}

const bySignature = (name: string, signIt: (input: Buffer, key: TestKey) => Buffer) =>
  hostile([
    `a signature ${name}`,
    ({ good, key }) => `${inputOf(good)}.${encode(signIt(Buffer.from(inputOf(good)), key))}`,
    'bad_signature',
  ])

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }

const othersOfOurKey = [
  bySignature('by PSS', (input, { privateKey }) => signBytes('sha256', input, { key: privateKey, ...pss })),
  bySignature('over SHA-1', (input, { privateKey }) => signBytes('sha1', input, privateKey)),
  bySignature('over SHA-512', (input, { privateKey }) => signBytes('sha512', input, privateKey)),
  bySignature('over the claims alone', (input, { privateKey }) =>
    signBytes('sha256', input.subarray(input.indexOf('.') + 1), privateKey),
  ),
]

// A retired key, or anyone's: under its own name it is unknown, and under the new one its signature is bad.
const otherKeys = [
  hostile([
    "another key's signature",
    ({ attackersKey, header, claims }) => forge(attackersKey, { ...header, kid: attackersKey.jwk.kid }, claims),
    'unknown_key',
  ]),
  hostile([
    "another key's signature under our kid",
    ({ attackersKey, header, claims }) => forge(attackersKey, header, claims),
    'bad_signature',
  ]),
  hostile([
    'the signature of other claims',
    ({ good, sign, header, claims }) =>
      `${inputOf(sign(header, { ...claims, sub: 'admin' }))}${good.slice(good.lastIndexOf('.'))}`,
    'bad_signature',
  ]),
]

export const hostileSignatures = [
  ...macRows('HS256', 'unsupported_header'),
  ...macRows('RS256', 'bad_signature'),
  ...signatures,
  ...othersOfOurKey,
  ...otherKeys,
]
