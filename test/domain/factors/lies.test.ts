import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { newChallenge } from '../../../functions/domain/factors/passkey-options.ts'
import { type Authenticator, createAuthenticator, type Lies } from '../../support/authenticator.ts'
import { type Cbor, encodeCbor } from '../../support/cbor.ts'
import {
  assert,
  createPasskey,
  getAssertion,
  origin,
  readAndAssert,
  readAndRegister,
  refused,
  register,
  setUpPasskey,
  statementOf,
  userHandle,
} from './ceremonies.ts'

type Lie = readonly [what: string, lies: Lies | ((authenticator: Authenticator) => Lies), reason: string]

const told = (lies: Lie[1], authenticator: Authenticator) => (typeof lies === 'function' ? lies(authenticator) : lies)
const clientData = (members: Readonly<Record<string, unknown>>): Lies => ({ clientData: members })
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

const origins: readonly Lie[] = [
  'https://example.org',
  'https://www.example.com',
  'https://com',
  'https://example.com.evil.org',
  'https://evilexample.com',
  'http://example.com',
  'https://example.com:443',
  'https://example.com:8443',
  'https://example.com/',
  'https://EXAMPLE.com',
  'https://example.com.',
  ' https://example.com',
  'android:apk-key-hash:LOu5nSuHvl5sKMhI4VXQtkbZeN2XmZcPxkVgsbBkDg8',
  'null',
  '',
  null,
  undefined,
  [origin],
  { toString: origin },
].map((each) => [`the origin ${JSON.stringify(each)}`, clientData({ origin: each }), 'wrong_origin'])

const anotherChallenge = newChallenge(randomBytes).challenge
const challenges: readonly Lie[] = ['', 'AAAA', anotherChallenge, null, undefined, 7, [anotherChallenge]].map(
  (each) => [`the challenge ${JSON.stringify(each)}`, clientData({ challenge: each }), 'wrong_challenge'],
)

const frames: readonly Lie[] = [
  { crossOrigin: true },
  { crossOrigin: 'false' },
  { crossOrigin: null },
  { crossOrigin: 0 },
  { topOrigin: origin },
  { topOrigin: 'https://example.org', crossOrigin: true },
  { topOrigin: '' },
  { topOrigin: null, crossOrigin: undefined },
].map((each) => [`a frame, ${JSON.stringify(each)}`, clientData(each), 'cross_origin'])

const types: readonly Lie[] = [
  'webauthn.delete',
  'WEBAUTHN.GET',
  'Webauthn.create',
  'payment.get',
  '',
  null,
  undefined,
].map((each) => [`the type ${JSON.stringify(each)}`, clientData({ type: each }), 'wrong_ceremony'])

const notClientData: readonly Lie[] = [
  '',
  '{',
  'null',
  '"webauthn.get"',
  '7',
  '{"type":"webauthn.get"} x',
  '\u{feff}',
].map((each) => [`the client data ${JSON.stringify(each)}`, { clientDataJSON: each }, 'malformed'])

// REQ-173
const inBothCeremonies: readonly Lie[] = [
  ...origins,
  ...challenges,
  ...frames,
  ...types,
  ...notClientData,
  ['client data that is a list', { clientDataJSON: '[]' }, 'wrong_ceremony'],
  ['client data that is empty', { clientDataJSON: '{}' }, 'wrong_ceremony'],
  [
    'client data that is not UTF-8',
    { clientDataJSON: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) },
    'malformed',
  ],
  ['client data of 4 KB and one byte', { clientDataJSON: ' '.repeat(4097) }, 'malformed'],
  ['the RP ID of another site', { rpId: 'example.org' }, 'wrong_rp_id'],
  ['the RP ID of a subdomain', { rpId: 'app.example.com' }, 'wrong_rp_id'],
  ['the RP ID of the domain above', { rpId: 'com' }, 'wrong_rp_id'],
  ['an origin as RP ID', { rpId: origin }, 'wrong_rp_id'],
  ['no user present', { flags: { up: false } }, 'user_not_present'],
  ['no user verified', { flags: { uv: false } }, 'user_not_verified'],
  ['a backup of what cannot be backed up', { flags: { be: false, bs: true } }, 'inconsistent_backup'],
  ['bytes after the authenticator data', { tail: Buffer.from([0]) }, 'malformed'],
  ['one more CBOR item after the authenticator data', { tail: encodeCbor(new Map([['x', 1]])) }, 'malformed'],
  ['extensions that are not there', { flags: { ed: true } }, 'malformed'],
  ['extensions that are no map', { flags: { ed: true }, tail: encodeCbor('appid') }, 'malformed'],
  ['extensions of indefinite length', { flags: { ed: true }, tail: Buffer.from([0xbf, 0xff]) }, 'malformed'],
  [
    'extensions of 400 levels',
    { flags: { ed: true }, tail: Buffer.concat([Buffer.alloc(800, 'a100', 'hex'), Buffer.of(0)]) },
    'malformed',
  ],
  ['another type of credential', { type: 'password' }, 'malformed'],
  ['a raw id that is not the id', () => ({ rawId: text(randomBytes(32)) }), 'malformed'],
  ['an id of 1024 bytes', { id: text(randomBytes(1024)) }, 'malformed'],
  ['an id of 15 bytes', { id: text(randomBytes(15)) }, 'malformed'],
  ['no id', { id: '' }, 'malformed'],
  ['an id with padding', ({ credentialId }) => ({ id: `${text(credentialId)}=` }), 'malformed'],
  ['an id in base64', () => ({ id: Buffer.alloc(32, 0xff).toString('base64') }), 'malformed'],
  ['an id with stray bits at its end', () => ({ id: 'A'.repeat(42).concat('B') }), 'malformed'],
]

const key = (...members: NonNullable<Lies['publicKey']>): Lies => ({ publicKey: members })
const rsaKey = (modulusLength: number, publicExponent: number): Lies => {
  const jwk = generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey.export({ format: 'jwk' })
  const [n, e] = [jwk.n, jwk.e].map((each) => Buffer.from(each ?? '', 'base64url'))
  return key([1, 3], [3, -257], [-1, n ?? ''], [-2, e ?? ''])
}
const rsaMembers = (n: Uint8Array, e: Uint8Array): Lies => key([1, 3], [3, -257], [-1, n], [-2, e])
const statement = (format: string, made: Cbor): Lies => ({ format, statement: made })
const object = (attestationObject: (honest: Uint8Array) => Uint8Array): Lies => ({ attestationObject })
const twice = Buffer.concat([encodeCbor('fmt'), encodeCbor('none')])
const nested = (depth: number) => Buffer.concat([Buffer.alloc(depth, 0x81), Buffer.from([0])])

const inRegistrations: readonly Lie[] = [
  ...inBothCeremonies,
  ['the type of a log-in', clientData({ type: 'webauthn.get' }), 'wrong_ceremony'],
  ['an id other than the attested', () => ({ id: text(randomBytes(32)) }), 'wrong_credential'],
  ['an attested id other than the id', () => ({ credentialId: randomBytes(32) }), 'wrong_credential'],
  [
    'an attested id that is longer',
    ({ credentialId }) => ({ credentialId: Buffer.concat([credentialId, Buffer.of(0)]) }),
    'wrong_credential',
  ],
  ['an attested id that is empty', () => ({ credentialId: Buffer.alloc(0) }), 'wrong_credential'],
  ['no attested credential', { flags: { at: false }, rest: Buffer.alloc(0) }, 'malformed'],
  ['an attested credential that the flags deny', { flags: { at: false } }, 'malformed'],
  ['an attested credential that is cut', { rest: randomBytes(17) }, 'malformed'],
  ['transports that are no list', { transports: 'usb' }, 'malformed'],
  ['transports that are no strings', { transports: [7] }, 'malformed'],
  ['transports that are no names', { transports: ['<b>usb</b>'] }, 'malformed'],
  ['eleven transports', { transports: Array(11).fill('usb') }, 'malformed'],

  ['ES384', key([3, -35], [-1, 2], [-2, randomBytes(48)], [-3, randomBytes(48)]), 'unsupported_algorithm'],
  ['ES256K', key([3, -47], [-1, 8]), 'unsupported_algorithm'],
  ['PS256', key([1, 3], [3, -37]), 'unsupported_algorithm'],
  ['RS1', key([1, 3], [3, -65535]), 'unsupported_algorithm'],
  ['ML-DSA-44', key([1, 7], [3, -48], [-1, randomBytes(1312)]), 'unsupported_algorithm'],
  ['an algorithm by its name', key([3, 'ES256']), 'unsupported_algorithm'],
  ['HS256', key([1, 4], [3, 5], [-1, randomBytes(32)]), 'unsupported_algorithm'],
  ['ES256 with a key for RSA', key([1, 3]), 'invalid_public_key'],
  ['ES256 with a key for Ed25519', key([1, 1], [-1, 6]), 'invalid_public_key'],
  ['ES256 on P-384', key([-1, 2], [-2, randomBytes(48)], [-3, randomBytes(48)]), 'invalid_public_key'],
  ['ES256 with a point that is not on the curve', key([-3, Buffer.alloc(32, 1)]), 'invalid_public_key'],
  ['ES256 with the point zero', key([-2, Buffer.alloc(32)], [-3, Buffer.alloc(32)]), 'invalid_public_key'],
  ['ES256 with a coordinate that is cut', key([-2, randomBytes(31)]), 'invalid_public_key'],
  ['ES256 with a compressed point', key([-3, 1]), 'invalid_public_key'],
  ['ES256 with coordinates in base64url', key([-2, text(randomBytes(32))]), 'invalid_public_key'],
  ['ES256 on P-384 by its name only', key([-1, 2]), 'invalid_public_key'],
  ['Ed25519 on X25519', key([1, 1], [3, -8], [-1, 4], [-2, randomBytes(32)]), 'invalid_public_key'],
  ['Ed25519 on Ed448', key([1, 1], [3, -8], [-1, 7], [-2, randomBytes(57)]), 'invalid_public_key'],
  ['Ed25519 with 31 bytes', key([1, 1], [3, -8], [-1, 6], [-2, randomBytes(31)]), 'invalid_public_key'],
  ['RS256 with 1024 bits', rsaKey(1024, 65537), 'invalid_public_key'],
  ['RS256 with the exponent 3', rsaKey(2048, 3), 'invalid_public_key'],
  ['RS256 with the exponent 1', rsaMembers(Buffer.alloc(256, 0xff), Buffer.of(1)), 'invalid_public_key'],
  [
    'RS256 with an exponent of 33 bits',
    rsaMembers(Buffer.alloc(256, 0xff), Buffer.from('0100000001', 'hex')),
    'invalid_public_key',
  ],
  ['RS256 with 4104 bits', rsaMembers(Buffer.alloc(513, 0xff), Buffer.of(1, 0, 1)), 'invalid_public_key'],
  ['RS256 without a modulus', key([1, 3], [3, -257]), 'invalid_public_key'],

  [
    'no attestation with a statement',
    statement('none', new Map([['sig', randomBytes(70)]])),
    'unsupported_attestation',
  ],
  ['packed attestation with nothing', statement('packed', new Map()), 'unsupported_attestation'],
  [
    'packed attestation with a rubbish signature',
    statement('packed', statementOf(-7, randomBytes(70))),
    'invalid_attestation',
  ],
  [
    'packed attestation with an empty signature',
    statement('packed', statementOf(-7, Buffer.alloc(0))),
    'invalid_attestation',
  ],
  [
    'packed attestation with a signature in text',
    statement('packed', statementOf(-7, 'signature')),
    'invalid_attestation',
  ],
  ['packed attestation without a signature', statement('packed', new Map([['alg', -7]])), 'invalid_attestation'],
  [
    'packed attestation with another algorithm',
    { format: 'packed', statement: (sig) => statementOf(-257, sig) },
    'unsupported_attestation',
  ],
  [
    'packed attestation by certificates',
    {
      format: 'packed',
      statement: (sig) =>
        new Map<string, Cbor>([
          ['alg', -7],
          ['sig', sig],
          ['x5c', [randomBytes(600)]],
        ]),
    },
    'unsupported_attestation',
  ],
  [
    'packed attestation with an empty list of certificates',
    {
      format: 'packed',
      statement: (sig) =>
        new Map<string, Cbor>([
          ['alg', -7],
          ['sig', sig],
          ['x5c', []],
        ]),
    },
    'unsupported_attestation',
  ],
  ...['fido-u2f', 'tpm', 'apple', 'android-key', 'android-safetynet', 'compound', 'NONE', 'none ', ''].map(
    (format): Lie => [`attestation ${JSON.stringify(format)}`, { format }, 'unsupported_attestation'],
  ),
  ['a statement that is a list', { statement: [] }, 'malformed'],
  ['one more member of the attestation object', { members: [['epAtt', 'x']] }, 'malformed'],
  ['two formats', object((honest) => Buffer.concat([Buffer.of(0xa4), honest.subarray(1), twice])), 'malformed'],
  [
    'one format twice, and no statement',
    object((honest) => Buffer.from(text(honest), 'base64url').fill(twice, 10, 19)),
    'malformed',
  ],
  [
    'one more CBOR item after the attestation object',
    object((honest) => Buffer.concat([honest, encodeCbor('x')])),
    'malformed',
  ],
  ['a byte after the attestation object', object((honest) => Buffer.concat([honest, Buffer.of(0xff)])), 'malformed'],
  ['an attestation object that is cut', object((honest) => honest.subarray(0, -1)), 'malformed'],
  [
    'an attestation object of indefinite length',
    object((honest) => Buffer.concat([Buffer.of(0xbf), honest.subarray(1), Buffer.of(0xff)])),
    'malformed',
  ],
  ['an attestation object that is empty', object(() => encodeCbor(new Map())), 'malformed'],
  ['an attestation object that is a list', object(() => encodeCbor(['none'])), 'malformed'],
  ['an attestation object that is rubbish', object(() => randomBytes(200)), 'malformed'],
  ['an attestation object of 6000 levels', object(() => nested(6000)), 'malformed'],
  ['a list of four billion items', object(() => Buffer.from('9affffffff', 'hex')), 'malformed'],
  ['an attestation object of 8 KB and one byte', object(() => Buffer.alloc(8193)), 'malformed'],
]

const inAssertions: readonly Lie[] = [
  ...inBothCeremonies,
  ['the type of a registration', clientData({ type: 'webauthn.create' }), 'wrong_ceremony'],
  ['the id of another passkey', () => ({ id: text(randomBytes(32)) }), 'wrong_credential'],
  ['the user handle of someone else', { userHandle: text(Buffer.from('eve')) }, 'wrong_user'],
  ['the user handle of someone whose name is longer', { userHandle: text(Buffer.from('ada2')) }, 'wrong_user'],
  ['no user handle', { userHandle: null }, 'wrong_user'],
  ['an empty user handle', { userHandle: '' }, 'malformed'],
  ['a user handle of 65 bytes', { userHandle: text(randomBytes(65)) }, 'malformed'],
  ['a passkey that can no longer be backed up', { flags: { be: false, bs: false } }, 'backup_eligibility_changed'],
  ['an attested credential that is not there', { flags: { at: true } }, 'malformed'],
  ['authenticator data of 1 KB and one byte', { tail: Buffer.alloc(1025 - 37) }, 'malformed'],
  ['an empty signature', { signature: Buffer.alloc(0) }, 'malformed'],
  ['a signature of nothing but zeros', { signature: Buffer.alloc(64) }, 'invalid_signature'],
  ['a signature whose numbers are zero', { signature: Buffer.from('3006020100020100', 'hex') }, 'invalid_signature'],
  ['a signature of rubbish', { signature: randomBytes(70) }, 'invalid_signature'],
  ['a signature of 1 KB and one byte', { signature: Buffer.alloc(1025) }, 'malformed'],
]

// REQ-173
describe('a registration is refused', () => {
  test.each(inRegistrations)('that says %s', async (_, lies, reason) => {
    const authenticator = createAuthenticator('ES256', { origin })

    expect(await register(authenticator, told(lies, authenticator))).toEqual(refused(reason))
    expect(await register(authenticator)).toMatchObject({ ok: true })
  })

  test('for the challenge of another', async () => {
    const authenticator = createAuthenticator()
    const [mine, yours] = [createPasskey(authenticator), createPasskey(authenticator)]

    expect(await readAndRegister(mine.json, yours.expected)).toEqual(refused('wrong_challenge'))
    expect(await readAndRegister(mine.json, { ...mine.expected, challengeHash: '' })).toEqual(
      refused('wrong_challenge'),
    )
  })

  test('where no origin is known, or none of these', async () => {
    const { json, expected } = createPasskey(createAuthenticator())

    expect(await readAndRegister(json, { ...expected, origins: [] })).toEqual(refused('wrong_origin'))
    expect(await readAndRegister(json, { ...expected, origins: [`${origin}/`] })).toEqual(refused('wrong_origin'))
    expect(await readAndRegister(json, expected)).toMatchObject({ ok: true })
  })

  test('by the library as well, with a reason where it throws', async () => {
    const lies = clientData({ tokenBinding: 'none' })

    expect(await register(createAuthenticator(), lies)).toEqual(refused('invalid_attestation'))
  })

  test('that is a log-in', async () => {
    const { authenticator } = await setUpPasskey()
    const { json, expected } = getAssertion(authenticator)

    expect(await readAndRegister(json, expected)).toEqual(refused('malformed'))
  })
})

// REQ-173
describe('a log-in is refused', () => {
  test.each(inAssertions)('that says %s', async (_, lies, reason) => {
    const { authenticator, passkey } = await setUpPasskey()

    expect(await assert(authenticator, passkey, told(lies, authenticator))).toEqual(refused(reason))
    expect(await assert(authenticator, passkey)).toMatchObject({ ok: true })
  })

  test('for the challenge of another', async () => {
    const { authenticator, passkey } = await setUpPasskey()
    const [mine, yours] = [getAssertion(authenticator), getAssertion(authenticator)]

    expect(await readAndAssert(mine.json, passkey, yours.expected)).toEqual(refused('wrong_challenge'))
  })

  test('by the library as well, with a reason where it throws', async () => {
    const { authenticator, passkey } = await setUpPasskey()

    expect(await assert(authenticator, passkey, clientData({ tokenBinding: 'none' }))).toEqual(
      refused('invalid_signature'),
    )
  })

  test('that is a registration', async () => {
    const { authenticator, passkey } = await setUpPasskey()
    const { json, expected } = createPasskey(authenticator)

    expect(await readAndAssert(json, passkey, expected)).toEqual(refused('malformed'))
  })

  test('where a passkey that could not be backed up now can', async () => {
    const bound = { flags: { be: false, bs: false } }
    const { authenticator, passkey } = await setUpPasskey('ES256', bound)

    expect(passkey).toMatchObject({ backupEligible: false, backedUp: false })
    expect(await assert(authenticator, passkey, bound)).toMatchObject({ ok: true })
    for (const bs of [true, false]) {
      const changed = { flags: { be: true, bs } }
      expect(await assert(authenticator, passkey, changed)).toEqual(refused('backup_eligibility_changed'))
    }
  })

  test.each([
    [7, 7, false],
    [7, 6, false],
    [7, 0, false],
    [2 ** 32 - 1, 0, false],
    [7, 8, true],
    [0, 1, true],
    [0, 0, true],
    [7, 2 ** 32 - 1, true],
  ])('unless the counter grows or is not used: from %i to %i', async (stored, counter, isAccepted) => {
    const { authenticator, passkey } = await setUpPasskey('ES256', { counter: stored })

    const expected = isAccepted ? { ok: true, value: { counter, backedUp: true } } : refused('counter_not_increased')
    expect(passkey.counter).toBe(stored)
    expect(await assert(authenticator, passkey, { counter })).toEqual(expected)
  })
})

describe('a log-in is accepted', () => {
  test('without a user handle only where the account is known before', async () => {
    const { authenticator, passkey } = await setUpPasskey()
    const silent = getAssertion(authenticator, { userHandle: null })
    const lying = getAssertion(authenticator, { userHandle: text(Buffer.from('eve')) })

    expect(await readAndAssert(silent.json, passkey, silent.expected, false)).toMatchObject({ ok: true })
    expect(await readAndAssert(silent.json, passkey, silent.expected, true)).toEqual(refused('wrong_user'))
    expect(await readAndAssert(lying.json, passkey, lying.expected, false)).toEqual(refused('wrong_user'))
  })

  test('whether the passkey is backed up by now or no longer', async () => {
    const { authenticator, passkey } = await setUpPasskey()

    for (const bs of [true, false]) {
      const value = { counter: 0, backedUp: bs }
      expect(await assert(authenticator, passkey, { flags: { bs } })).toEqual({ ok: true, value })
    }
  })

  test.each([
    ['another origin of the list', clientData({ origin: 'https://app.example.com' })],
    ['no word about frames', clientData({ crossOrigin: undefined })],
    ['members that do not exist yet', clientData({ other_keys_can_be_added_here: 'x', tokenBinding: undefined })],
    ['extensions', { flags: { ed: true }, tail: encodeCbor(new Map([['uvm', [2, 4]]])) }],
  ] satisfies readonly (readonly [string, Lies])[])('with %s, as its registration is', async (_, lies) => {
    const { authenticator, passkey } = await setUpPasskey('ES256', lies)

    expect(await assert(authenticator, passkey, lies)).toMatchObject({ ok: true })
  })

  test('with an id of 16 to 1023 bytes', async () => {
    for (const length of [16, 1023]) {
      const credentialId = randomBytes(length)
      const id = text(credentialId)
      const { authenticator, passkey } = await setUpPasskey('ES256', { credentialId, id })

      expect(passkey.id).toBe(id)
      expect(await assert(authenticator, passkey, { id, userHandle })).toMatchObject({ ok: true })
    }
  })
})
