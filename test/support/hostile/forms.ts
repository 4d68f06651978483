import { randomBytes } from 'node:crypto'
import { CompactEncrypt } from 'jose'
import { bothTake, type Forgery, type HostileToken, hostile, joseTakes, type Laxity } from './forgery.ts'

// RFC 7516: encrypted for a key of the attacker's, in five parts.
const encrypted = await new CompactEncrypt(Buffer.from('{"sub":"admin"}'))
  .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: 'at+jwt' })
  .encrypt(randomBytes(32))

const partsOf = (token: string) => {
  const [protectedHeader = '', payload = '', signature = ''] = token.split('.')
  return { protected: protectedHeader, payload, signature }
}

// RFC 7515 section 7.2: the same good signature, in the other two serialisations.
const general = ({ good }: Forgery) => {
  const { payload, ...signature } = partsOf(good)
  return JSON.stringify({ payload, signatures: [signature] })
}

// Question marks, since their base64url holds a character that base64 writes otherwise.
const inPlainBase64 = ({ sign, header, claims }: Forgery) =>
  sign(header, { ...claims, x: '??????' })
    .replaceAll('_', '/')
    .replaceAll('-', '+')

type Row = readonly [name: string, make: (forgery: Forgery) => string]

/** What is no JWS in compact form, though some of it holds a good signature. */
const wrongForms: readonly HostileToken[] = (
  [
    ['empty text', () => ''],
    ['one part', () => 'e30'],
    ['two parts', () => 'e30.e30'],
    ['three empty parts', () => '..'],
    ['an empty signature', () => 'e30.e30.'],
    ['an empty payload', () => 'e30..AAAA'],
    ['an empty header', () => '.e30.AAAA'],
    ['five parts', () => 'e30.e30.e30.e30.e30'],
    ['a JWE', () => encrypted],
    ['a JWS in general JSON serialisation', general],
    ['a JWS in flattened JSON serialisation', ({ good }) => JSON.stringify(partsOf(good))],
    ['a refresh token', () => randomBytes(64).toString('base64url')],
    ['a good token in the alphabet of plain base64', inPlainBase64],
    ['one megabyte', () => 'a'.repeat(1_000_000)],
    ['one megabyte of points', () => '.'.repeat(1_000_000)],
    ['five megabytes in form', () => `e30.${'AAAA'.repeat(1_250_000)}.AAAA`],
  ] as const satisfies readonly Row[]
).map(([name, make]) => hostile([name, make, 'malformed']))

const tooLong = hostile([
  'more than 8,192 characters',
  ({ sign, header, claims }) => sign(header, { ...claims, x: 'x'.repeat(6000) }),
  'malformed',
  bothTake('No token of ours is so long, and work is bounded before any is done.'),
])

type Respelling = readonly [name: string, change: (token: string) => string, laxity?: Laxity]

const oneSpelling = 'A token has one spelling, so that its text can be its identity in a cache or a list.'

/** A good token in another spelling: its text would be no identity. */
const spellings: readonly HostileToken[] = (
  [
    ['white space before', (token) => ` ${token}`],
    ['white space after', (token) => `${token} `, joseTakes(oneSpelling)],
    ['a line feed after', (token) => `${token}\n`, joseTakes(oneSpelling)],
    ['padding after', (token) => `${token}==`, bothTake(oneSpelling)],
    [
      'padding of every part',
      (token) => token.replaceAll(/[^.]+/g, (part) => part.padEnd(part.length + (-part.length & 3), '=')),
    ],
    ['white space within', (token) => token.replace('.', '. ')],
    ['a NUL within', (token) => token.replace('.', '\0.')],
    ['a full-width point', (token) => token.replace('.', '．')],
    ['a fourth part', (token) => `${token}.AAAA`],
    ['a point before', (token) => `.${token}`],
    ['a point after', (token) => `${token}.`],
    // Of the last character's six bits two are used: three other characters would do as well.
    [
      'a last character with spare bits',
      (token) => `${token.slice(0, -1)}${successor(token.at(-1) ?? '')}`,
      bothTake(oneSpelling),
    ],
  ] as readonly Respelling[]
).map(([name, change, laxity]) =>
  hostile([`a good token with ${name}`, ({ good }) => change(good), 'malformed', laxity]),
)

const successor = (character: string) => String.fromCharCode(character.charCodeAt(0) + 1)

export const hostileForms = [...wrongForms, tooLong, ...spellings]
