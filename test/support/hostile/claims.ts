import { awsTakes, bothTake, type Forgery, type HostileToken, hostile, joseTakes, type Laxity } from './forgery.ts'

const oneAudience = 'One token is for one API (RFC 9700 section 2.3): whose audience is a list may serve others too.'
const required = 'RFC 9068 section 2.2 requires the claim.'
const anHour = 'A token of ours lives an hour at most, whatever it says of itself.'
const fromTheFuture = 'What is issued later than now was not issued by us.'
const typed =
  'A claim of another type is another claim: 7, "7" and ["7"] may name three users (RFC 7519 section 4.1.2).'
const notEmpty = 'An empty claim names nobody.'
const finite = '1e999 is no number of seconds, and a token with it would live for ever.'
const twoReaders = 'Of a name that stands twice two readers can take different values (RFC 8725 section 2.4).'
const noUtf8 = 'Bytes that are no UTF-8 are read differently by different readers.'
const noMark = 'JSON starts with no byte-order mark, and not every reader looks past one (RFC 8259 section 8.1).'

const proved = 'What was proved, and when, decides over step-up: neither of the others looks at it.'

type Reason = HostileToken['reason']
type Change = (forgery: Forgery) => Readonly<Record<string, unknown>>

const changed = (name: string, change: Change, reason: Reason, laxity?: Laxity): HostileToken =>
  hostile([
    `claims with ${name}`,
    (forgery) => forgery.sign(forgery.header, { ...forgery.claims, ...change(forgery) }),
    reason,
    laxity,
  ])

const addressed = [
  changed('another issuer', () => ({ iss: 'https://attacker.example' }), 'wrong_issuer'),
  changed('our issuer and a slash', ({ issuer }) => ({ iss: `${issuer}/` }), 'wrong_issuer'),
  changed('our issuer in capitals', ({ issuer }) => ({ iss: issuer.toUpperCase() }), 'wrong_issuer'),
  changed('an issuer in an array', ({ issuer }) => ({ iss: [issuer] }), 'wrong_issuer'),
  changed('no issuer', () => ({ iss: undefined }), 'wrong_issuer'),
  changed('another audience', () => ({ aud: 'https://other.example.com' }), 'wrong_audience'),
  changed(
    'our audience among others',
    ({ audience }) => ({ aud: [audience, 'https://other.example.com'] }),
    'wrong_audience',
    bothTake(oneAudience),
  ),
  changed('our audience in an array', ({ audience }) => ({ aud: [audience] }), 'wrong_audience', bothTake(oneAudience)),
  changed('our audience in an object', ({ audience }) => ({ aud: { [audience]: true } }), 'wrong_audience'),
  changed('no audience', () => ({ aud: undefined }), 'wrong_audience'),
]

const timed = [
  changed('no exp', () => ({ exp: undefined }), 'malformed_claims', awsTakes(required)),
  changed('exp as a text', ({ now }) => ({ exp: String(now + 900) }), 'malformed_claims'),
  changed('exp as null', () => ({ exp: null }), 'malformed_claims'),
  changed('exp as true', () => ({ exp: true }), 'malformed_claims'),
  changed('exp in an array', ({ now }) => ({ exp: [now + 900] }), 'malformed_claims'),
  changed('exp in the past', ({ now }) => ({ exp: now - 60 }), 'expired'),
  changed('exp of zero', () => ({ exp: 0 }), 'expired'),
  changed('a negative exp', () => ({ exp: -1 }), 'expired'),
  changed('exp in milliseconds', ({ now }) => ({ exp: (now + 900) * 1000 }), 'malformed_claims', bothTake(anHour)),
  changed('exp ten years away', ({ now }) => ({ exp: now + 315_360_000 }), 'malformed_claims', bothTake(anHour)),
  changed('the greatest of numbers for exp', () => ({ exp: Number.MAX_VALUE }), 'malformed_claims', bothTake(anHour)),
  changed('no iat', () => ({ iat: undefined }), 'malformed_claims', awsTakes(required)),
  changed('iat as a text', ({ now }) => ({ iat: String(now) }), 'malformed_claims'),
  changed('iat in the future', ({ now }) => ({ iat: now + 60 }), 'not_yet_valid', awsTakes(fromTheFuture)),
  changed('nbf in the future', ({ now }) => ({ nbf: now + 60 }), 'not_yet_valid'),
  changed('nbf as a string', ({ now }) => ({ nbf: String(now) }), 'malformed_claims'),
  changed('a life of more than an hour', ({ now }) => ({ exp: now + 3601 }), 'malformed_claims', bothTake(anHour)),
  changed(
    'a life that began long ago',
    ({ now }) => ({ iat: now - 3000, exp: now + 601 }),
    'malformed_claims',
    bothTake(anHour),
  ),
]

const claimsOfText = (claim: string, otherTypes: Laxity) => [
  changed(`no ${claim}`, () => ({ [claim]: undefined }), 'malformed_claims', awsTakes(required)),
  changed(`an empty ${claim}`, () => ({ [claim]: '' }), 'malformed_claims', bothTake(notEmpty)),
  changed(`${claim} as null`, () => ({ [claim]: null }), 'malformed_claims', otherTypes),
  changed(`${claim} as a number`, () => ({ [claim]: 7 }), 'malformed_claims', otherTypes),
  changed(`${claim} in an array`, () => ({ [claim]: ['s'] }), 'malformed_claims', otherTypes),
  changed(`${claim} as an object`, () => ({ [claim]: { id: 's' } }), 'malformed_claims', otherTypes),
]

const identifying = [
  ...claimsOfText('sub', joseTakes(typed)),
  ...claimsOfText('jti', joseTakes(typed)),
  ...claimsOfText('client_id', bothTake(typed)),
  changed('sid as a number', () => ({ sid: 1 }), 'malformed_claims', bothTake(typed)),
  changed('scope as a number', () => ({ scope: 1 }), 'malformed_claims', joseTakes(typed)),
  changed('scope in an array', () => ({ scope: ['a'] }), 'malformed_claims', joseTakes(typed)),
]

// REQ-176
const authenticated = [
  changed('auth_time as a string', ({ now }) => ({ auth_time: String(now) }), 'malformed_claims', bothTake(proved)),
  changed('auth_time as null', () => ({ auth_time: null }), 'malformed_claims', bothTake(proved)),
  changed('auth_time in an array', ({ now }) => ({ auth_time: [now] }), 'malformed_claims', bothTake(proved)),
  changed('auth_time in the future', ({ now }) => ({ auth_time: now + 60 }), 'not_yet_valid', bothTake(proved)),
  changed('amr as a string', () => ({ amr: 'pwd mfa' }), 'malformed_claims', bothTake(proved)),
  changed('amr as null', () => ({ amr: null }), 'malformed_claims', bothTake(proved)),
  changed('amr as an object', () => ({ amr: { 0: 'mfa', length: 1 } }), 'malformed_claims', bothTake(proved)),
  changed('an empty amr', () => ({ amr: [] }), 'malformed_claims', bothTake(proved)),
  changed('two methods in one of amr', () => ({ amr: ['pwd mfa'] }), 'malformed_claims', bothTake(proved)),
  changed('a number in amr', () => ({ amr: ['pwd', 7] }), 'malformed_claims', bothTake(proved)),
  changed('acr as a number', () => ({ acr: 2 }), 'malformed_claims', bothTake(proved)),
  changed('acr in an array', () => ({ acr: ['mfa'] }), 'malformed_claims', bothTake(proved)),
  changed('acr in capitals', () => ({ acr: 'MFA' }), 'malformed_claims', bothTake(proved)),
  changed('an empty acr', () => ({ acr: '' }), 'malformed_claims', bothTake(proved)),
  changed('groups as a text', () => ({ groups: 'admin' }), 'malformed_claims', bothTake(proved)),
  changed('a number in groups', () => ({ groups: ['admin', 7] }), 'malformed_claims', bothTake(proved)),
  changed('a list in groups', () => ({ groups: [['admin']] }), 'malformed_claims', bothTake(proved)),
  changed('groups as an object', () => ({ groups: { length: 1, 0: 'admin' } }), 'malformed_claims', bothTake(proved)),
  changed('groups as null', () => ({ groups: null }), 'malformed_claims', bothTake(proved)),
]

const written = (
  name: string,
  write: (json: string, forgery: Forgery) => string | Buffer,
  reason: Reason,
  laxity?: Laxity,
) =>
  hostile([
    `claims with ${name}`,
    (forgery) => forgery.sign(forgery.header, write(JSON.stringify(forgery.claims), forgery)),
    reason,
    laxity,
  ])

// What JSON.stringify would not write.
const raw = [
  written(
    'exp beyond every number',
    (json) => json.replace(/"exp":\d+/, '"exp":1e999'),
    'malformed_claims',
    joseTakes(finite),
  ),
  written(
    'auth_time beyond every number',
    (json) => json.replace('{', '{"auth_time":1e999,'),
    'malformed_claims',
    bothTake(finite),
  ),
  written('iat before every number', (json) => json.replace(/"iat":\d+/, '"iat":-1e999'), 'malformed_claims'),
  written('NaN for exp', (json) => json.replace(/"exp":\d+/, '"exp":NaN'), 'malformed'),
  written('exp in hexadecimal', (json) => json.replace(/"exp":\d+/, '"exp":0x7fffffff'), 'malformed'),
  written('sub twice', (json) => json.replace('{', '{"sub":"admin",'), 'malformed', bothTake(twoReaders)),
  written('exp twice', (json) => json.replace('{', '{"exp":1,'), 'malformed', bothTake(twoReaders)),
  written(
    'an escaped sub twice',
    (json) => json.replace('{', '{"s\\u0075b":"admin",'),
    'malformed',
    bothTake(twoReaders),
  ),
  written(
    'sub twice, once in __proto__ too',
    (json) => json.replace('{', '{"__proto__":{"sub":"admin"},"sub":"admin",'),
    'malformed',
    bothTake(twoReaders),
  ),
  written('every claim in __proto__ alone', (json) => `{"__proto__":${json}}`, 'wrong_issuer'),
  written('no UTF-8', (json) => Buffer.from(json.replace('"s"', '"ÿ"'), 'latin1'), 'malformed', awsTakes(noUtf8)),
  written('a byte-order mark before', (json) => `\ufeff${json}`, 'malformed', joseTakes(noMark)),
  written('an array', () => '[]', 'malformed'),
  written('null', () => 'null', 'malformed'),
  written('a text', () => '"claims"', 'malformed'),
  written('nothing', () => ' ', 'malformed'),
  written('nesting without end', () => '['.repeat(3000), 'malformed'),
  written('another JWT in it', (_, { good }) => good, 'malformed'),
]

// Tokens of other kinds: an OpenID Connect ID token, and the log-in token of itsdangerous, whose exp is in the header.
const otherKinds = [
  hostile([
    'an ID token',
    ({ sign, header, claims: { client_id, sid, scope, ...claims } }) =>
      sign({ ...header, typ: 'JWT' }, { ...claims, aud: client_id, nonce: 'n' }),
    'unsupported_header',
  ]),
  hostile([
    'a token of itsdangerous',
    ({ sign, now }) => sign({ alg: 'HS512', iat: now, exp: now + 900 }, { username: 'ada', password: 'secret' }),
    'unsupported_header',
  ]),
]

export const hostileClaims = [...addressed, ...timed, ...identifying, ...authenticated, ...raw, ...otherKinds]
