import { forge } from '../builders/signing-key.ts'
import { awsTakes, bothTake, type Forgery, type HostileToken, hostile, joseTakes, type Laxity } from './forgery.ts'

type Change = Readonly<Record<string, unknown>>

const changed = (name: string, change: Change, laxity?: Laxity): HostileToken =>
  hostile([
    `a header with ${name}`,
    ({ sign, header, claims }) => sign({ ...header, ...change }, claims),
    'unsupported_header',
    laxity,
  ])

const otherType = 'typ keeps tokens of other kinds out (RFC 9068 section 4, RFC 8725 section 3.11).'
const noName = 'A key is found by its name alone, never tried because there is no other.'
const notUnderstood = 'Whoever does not understand crit must refuse (RFC 7515 section 4.1.11).'
const changesMeaning = 'b64 and zip change what the signed bytes mean (RFC 7797, RFC 7516): we use neither.'
const twoReaders = 'Of a name that stands twice two readers can take different values (RFC 8725 section 2.4).'
const noMark = 'JSON starts with no byte-order mark, and not every reader looks past one (RFC 8259 section 8.1).'
const noUtf8 = 'Bytes that are no UTF-8 are read differently by different readers.'

// Signed by our own key, so that nothing but the header can be the reason.
const unsupported = [
  changed('alg none', { alg: 'none' }),
  changed('alg nOnE', { alg: 'nOnE' }),
  changed('an empty alg', { alg: '' }),
  changed('alg rs256', { alg: 'rs256' }),
  changed('alg HS256', { alg: 'HS256' }),
  changed('alg RS512', { alg: 'RS512' }),
  changed('alg PS256', { alg: 'PS256' }),
  changed('alg ES256', { alg: 'ES256' }),
  changed('alg in an array', { alg: ['RS256'] }),
  changed('no alg', { alg: undefined }),
  changed('typ JWT', { typ: 'JWT' }, awsTakes(otherType)),
  changed('typ logout+jwt', { typ: 'logout+jwt' }, awsTakes(otherType)),
  changed('typ dpop+jwt', { typ: 'dpop+jwt' }, awsTakes(otherType)),
  changed('typ of another case', { typ: 'AT+JWT' }, bothTake(otherType)),
  changed('no typ', { typ: undefined }, awsTakes(otherType)),
  changed('typ in an array', { typ: ['at+jwt'] }, awsTakes(otherType)),
  changed('no kid', { kid: undefined }, joseTakes(noName)),
  changed('kid as a number', { kid: 1 }),
  changed('kid as null', { kid: null }),
  changed('crit', { crit: ['exp'] }, awsTakes(notUnderstood)),
  changed('an empty crit', { crit: [] }, awsTakes(notUnderstood)),
  changed('an unknown crit', { crit: ['x'], x: 1 }, awsTakes(notUnderstood)),
  changed('b64 false', { b64: false, crit: ['b64'] }, awsTakes(notUnderstood)),
  changed('b64 true', { b64: true }, bothTake(changesMeaning)),
  changed('zip', { zip: 'DEF' }, bothTake(changesMeaning)),
  changed('a crit of null', { crit: null }, awsTakes(notUnderstood)),
]

const kids = ['', '__proto__', 'constructor', 'toString', '../../etc/passwd', "' OR 1=1 --", '*', '\0', 'x'.repeat(500)]

const unknownKeys = kids.map((kid) =>
  hostile([
    `the kid ${JSON.stringify(kid.slice(0, 20))}`,
    ({ sign, header, claims }) => sign({ ...header, kid }, claims),
    'unknown_key',
  ]),
)

// Signed by the attacker, who brings his key along.
const ownKeys = (
  [
    ['jwk', ({ attackersKey }) => ({ jwk: attackersKey.jwk })],
    ['jku', ({ attackersUrl }) => ({ jku: attackersUrl })],
    ['x5u', ({ attackersUrl }) => ({ x5u: attackersUrl })],
    ['x5c', () => ({ x5c: ['MIIB'] })],
    ['jwk, jku and x5u', ({ attackersKey, attackersUrl: url }) => ({ jwk: attackersKey.jwk, jku: url, x5u: url })],
  ] as const satisfies readonly (readonly [string, (forgery: Forgery) => Change])[]
).map(([name, change]) =>
  hostile([
    `a key of the attacker's in ${name}`,
    (forgery) => forge(forgery.attackersKey, { ...forgery.header, ...change(forgery) }, forgery.claims),
    'bad_signature',
  ]),
)

const notObjects = (
  [
    ['text', () => 'header'],
    ['an array', () => '[]'],
    ['null', () => 'null'],
    ['a number', () => '1'],
    ['no UTF-8', ({ header }) => Buffer.from(JSON.stringify({ ...header, x: 'ÿ' }), 'latin1'), awsTakes(noUtf8)],
    ['UTF-16', ({ header }) => Buffer.from(JSON.stringify(header), 'utf16le')],
    ['JSON after a byte-order mark', ({ header }) => `\ufeff${JSON.stringify(header)}`, joseTakes(noMark)],
    [
      'JSON with a name twice',
      ({ header }) => JSON.stringify(header).replace('{', '{"alg":"none",'),
      bothTake(twoReaders),
    ],
    [
      'JSON with an escaped name twice',
      ({ header }) => JSON.stringify(header).replace('{', '{"\\u0061lg":"none",'),
      bothTake(twoReaders),
    ],
  ] as readonly (readonly [string, (forgery: Forgery) => string | Buffer, Laxity?])[]
).map(([name, make, laxity]) =>
  hostile([`a header that is ${name}`, (forgery) => forgery.sign(make(forgery), forgery.claims), 'malformed', laxity]),
)

export const hostileHeaders = [...unsupported, ...unknownKeys, ...ownKeys, ...notObjects]
