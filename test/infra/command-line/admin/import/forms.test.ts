import { createCipheriv, pbkdf2Sync, scryptSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { readForm } from '../../../../../infra/command-line/admin/import/forms/forms.ts'

// The example of github.com/firebase/scrypt.
const parameters = {
  signerKey: 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
  saltSeparator: 'Bw==',
  rounds: 8,
  memCost: 14,
}
const firebaseUser = {
  localId: 'f1',
  email: 'ada@example.com',
  emailVerified: true,
  passwordHash: 'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
  salt: '42xEC+ixf3L2lw==',
  providerUserInfo: [],
}
const settings = { firebase: parameters, now: Date.parse('2026-01-01T00:00:00Z') }
const read = (value: unknown) => readForm(value, settings)

type User = { readonly password_hash?: string }
const hashOf = (value: unknown, given = settings) => {
  const reading = readForm(value, given)
  return 'user' in reading ? ((reading.user as User).password_hash ?? '') : reading.wrong
}

describe('a user of Firebase', () => {
  test('has the key stream of the password for a hash, so that the signer key is not sent', () => {
    const hash = hashOf(firebaseUser)
    const [, , costs, salt = '', stream = ''] = hash.split('$')
    const key = scryptSync('user1password', Buffer.from(salt, 'base64'), 32, { N: 2 ** 14, r: 8, p: 1 })
    const expected = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(64))

    expect(read(firebaseUser)).toMatchObject({
      username: 'ada@example.com',
      user: { sub: 'f1', email_verified: true },
    })
    expect(costs).toBe('ln=14,r=8,p=1')
    expect(Buffer.from(stream, 'base64')).toEqual(expected)
    expect(hash).toMatch(/^\$firebase-scrypt\$ln=14,r=8,p=1\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]{86}$/)
    expect(JSON.stringify(read(firebaseUser))).not.toContain(parameters.signerKey.slice(0, 20))
  })

  test('is the same in base64url, without padding', () => {
    const url = firebaseUser.passwordHash.replaceAll('/', '_').replaceAll('+', '-').replaceAll('=', '')

    expect(hashOf({ ...firebaseUser, passwordHash: url })).toBe(hashOf(firebaseUser))
  })

  test.each([
    [
      'without the parameters of its project',
      firebaseUser,
      { ...settings, firebase: undefined },
      /needs --firebase-signer-key/,
    ],
    ['without a salt', { ...firebaseUser, salt: undefined }, settings, /^password_hash: the salt/],
    ['with a hash of another length', { ...firebaseUser, passwordHash: 'AAAA' }, settings, /^password_hash: the key/],
    ['with a hash that is not base64', { ...firebaseUser, passwordHash: '§' }, settings, /^password_hash: the key/],
  ])('is refused by its name %s', (_, user, given, wrong) => {
    expect(readForm(user, given)).toEqual({ username: 'ada@example.com', wrong: expect.stringMatching(wrong) })
  })

  test('without a password has none, and without an address is refused', () => {
    expect(read({ localId: 'f2', email: 'eve@example.com', disabled: true })).toEqual({
      username: 'eve@example.com',
      user: { username: 'eve@example.com', sub: 'f2', disabled: true },
    })
    expect(read({ localId: 'f3', phoneNumber: '+1' })).toEqual({ wrong: expect.stringMatching(/^username: /) })
  })
})

describe('a user of Keycloak', () => {
  const salt = Buffer.from('0123456789abcdef')
  const key = pbkdf2Sync('a', salt, 27_500, 64, 'sha256')
  const secret = { value: key.toString('base64'), salt: salt.toString('base64'), additionalParameters: {} }
  const described = { hashIterations: 27_500, algorithm: 'pbkdf2-sha256', additionalParameters: {} }
  const phc = `$pbkdf2-sha256$i=27500$${secret.salt.replace(/=+$/, '')}$${secret.value.replace(/=+$/, '')}`
  const userWith = (...credentials: object[]) => ({ id: 'k1', username: 'ada', enabled: true, credentials })
  const credential = (algorithm: string, additionalParameters: object, more = {}) => ({
    type: 'password',
    secretData: JSON.stringify(secret),
    credentialData: JSON.stringify({ ...described, algorithm, additionalParameters, ...more }),
  })

  test.each([
    ['JSON in strings', { secretData: JSON.stringify(secret), credentialData: JSON.stringify(described) }],
    ['objects', { secretData: secret, credentialData: described }],
    [
      'members of the credential, before version 9',
      { hashedSaltedValue: secret.value, salt: secret.salt, hashIterations: 27_500, algorithm: 'pbkdf2-sha256' },
    ],
  ])('has its hash as %s, beside other credentials', (_, rest) => {
    const user = { ...userWith({ type: 'otp' }, { type: 'password', ...rest }), email: 'ada@example.com', groups: [] }

    expect(read(user)).toEqual({
      username: 'ada',
      user: { username: 'ada', email: 'ada@example.com', password_hash: phc, sub: 'k1' },
    })
  })

  test('has its groups, by their paths', () => {
    expect(read({ ...userWith(), groups: ['/staff/editors', '/support'] })).toEqual({
      username: 'ada',
      user: { username: 'ada', sub: 'k1', groups: ['/staff/editors', '/support'] },
    })
    expect(read({ ...userWith(), groups: null })).toEqual({ username: 'ada', user: { username: 'ada', sub: 'k1' } })
    expect(read({ ...userWith(), groups: '/staff' })).toEqual({
      username: 'ada',
      wrong: 'groups: they are not a list.',
    })
  })

  test('has the address beside a name, and none where it is called by another address', () => {
    const email = 'ada@example.com'
    const of = (changes: object) => read({ ...userWith(), email, ...changes })

    expect(of({ emailVerified: true })).toMatchObject({ user: { username: 'ada', email, email_verified: true } })
    expect(of({ username: 'Ada@example.com', emailVerified: true })).toEqual({
      username: 'Ada@example.com',
      user: { username: 'Ada@example.com', email_verified: true, sub: 'k1' },
    })
    expect(of({ username: 'old@example.com', emailVerified: true })).toEqual({
      username: 'old@example.com',
      user: { username: 'old@example.com', sub: 'k1' },
    })
    expect(of({ email: 'none', emailVerified: true })).toMatchObject({ user: { username: 'ada', sub: 'k1' } })
  })

  test.each(['pbkdf2', 'pbkdf2-sha512'])('may have a hash of %s', (algorithm) => {
    expect(hashOf(userWith(credential(algorithm, {})))).toBe(phc.replace('pbkdf2-sha256', algorithm))
  })

  test('may have a hash of argon2', () => {
    const costs = { hashLength: ['32'], memory: ['7168'], type: ['id'], version: ['1.3'], parallelism: ['1'] }

    expect(hashOf(userWith(credential('argon2', costs, { hashIterations: 5 })))).toBe(
      phc.replace('$pbkdf2-sha256$i=27500', '$argon2id$v=19$m=7168,t=5,p=1'),
    )
    expect(hashOf(userWith(credential('argon2', {})))).toMatch(/^password_hash: additionalParameters/)
  })

  test.each([
    ['an algorithm of a plug-in', credential('bcrypt', {}), /^password_hash: the algorithm/],
    ['no iterations', credential('pbkdf2', {}, { hashIterations: '1' }), /^password_hash: hashIterations/],
    ['broken JSON', { type: 'password', secretData: '{', credentialData: '{}' }, /^password_hash: the salt/],
  ])('is refused with %s', (_, wrong, message) => {
    expect(read(userWith(wrong))).toEqual({ username: 'ada', wrong: expect.stringMatching(message) })
  })

  test('may have no password, and be disabled', () => {
    expect(read({ ...userWith(), enabled: false })).toMatchObject({ user: { username: 'ada', disabled: true } })
    expect(read({ username: 'ada', enabled: true, realmRoles: [] })).toEqual({
      username: 'ada',
      user: { username: 'ada' },
    })
  })
})

test.each([
  [
    'of the hashes that Auth0 gives out',
    { _id: { $oid: '5f' }, email: 'ada@example.com', passwordHash: '$2b$10$x', tenant: 't', email_verified: true },
    { username: 'ada@example.com', email_verified: true, password_hash: '$2b$10$x', sub: 'auth0|5f' },
  ],
  [
    "of Auth0's user export",
    { user_id: 'auth0|5f', email: 'ada@example.com', blocked: true, name: 'Ada' },
    { username: 'ada@example.com', sub: 'auth0|5f', disabled: true },
  ],
  [
    'of Supabase',
    { id: 'u1', email: 'ada@example.com', encrypted_password: '$2a$10$x', banned_until: '2025-12-31 00:00:00+00' },
    { username: 'ada@example.com', password_hash: '$2a$10$x', sub: 'u1' },
  ],
  [
    'of Supabase who has confirmed the address',
    { id: 'u1', email: 'ada@example.com', encrypted_password: '', email_confirmed_at: '2025-01-01', confirmed_at: 'x' },
    { username: 'ada@example.com', email_verified: true, sub: 'u1' },
  ],
  [
    'of Supabase who has confirmed only a telephone',
    {
      id: 'u1',
      email: 'ada@example.com',
      encrypted_password: '',
      email_confirmed_at: null,
      confirmed_at: '2025-01-01',
    },
    { username: 'ada@example.com', sub: 'u1' },
  ],
  [
    'of Devise who has confirmed the address',
    { id: 7, email: 'ada@example.com', encrypted_password: '', confirmed_at: '2025-01-01' },
    { username: 'ada@example.com', email_verified: true, sub: '7' },
  ],
  [
    'of Supabase who is banned',
    { id: 'u1', email: 'ada@example.com', encrypted_password: null, banned_until: '2030-01-01 00:00:00+00' },
    { username: 'ada@example.com', sub: 'u1', disabled: true },
  ],
  [
    'of Supabase who is deleted',
    { id: 'u1', email: 'ada@example.com', encrypted_password: '', deleted_at: '2020-01-01 00:00:00+00' },
    { username: 'ada@example.com', sub: 'u1', disabled: true },
  ],
  [
    'of Devise',
    { id: 7, email: 'ada@example.com', encrypted_password: '$2a$12$x', sign_in_count: 3 },
    { username: 'ada@example.com', password_hash: '$2a$12$x', sub: '7' },
  ],
])('a user %s is recognised', (_, line, user) => {
  expect(read(line)).toEqual({ username: 'ada@example.com', user })
})

test.each([
  [
    'Cognito',
    { Username: 'ada', Attributes: [], UserStatus: 'CONFIRMED' },
    /^Cognito gives out no password hashes.*`migration`/,
  ],
  ['Flask-Security', { username: 'ada', password_hash: '$2b$x', fs_uniquifier: 'x' }, /^fs_uniquifier.*`migration`/],
])('a user of %s is refused with what to do', (_, line, wrong) => {
  expect(read(line)).toEqual({ username: 'ada', wrong: expect.stringMatching(wrong) })
})

test("a user of Latchkey's own form is sent as it is, with what the function will not know", () => {
  const user = { username: 'ada', password_hash: 'x', id: 7 }

  expect(read(user)).toEqual({ username: 'ada', user })
  expect([read(null), read([1]), read('ada'), read({ username: 7 })]).toEqual([
    { user: null },
    { user: [1] },
    { user: 'ada' },
    { user: { username: 7 } },
  ])
})

describe('what a form cannot read is refused, and not taken for its absence:', () => {
  const auth0User = { user_id: 'auth0|5f', email: 'ada@example.com' }
  const supabaseUser = { id: 'u1', email: 'ada@example.com', encrypted_password: '$2a$10$x' }

  test.each([
    ['blocked of Auth0', { ...auth0User, blocked: 'true' }],
    ['disabled of Firebase', { localId: 'f1', email: 'ada@example.com', disabled: 1 }],
    ['enabled of Keycloak', { username: 'ada@example.com', enabled: 'false', credentials: [] }],
    ['deleted_at of Supabase', { ...supabaseUser, deleted_at: 1_700_000_000 }],
    ['banned_until of Supabase', { ...supabaseUser, banned_until: 4_102_444_800 }],
  ])('%s, so that nobody who is disabled can log in', (_, line) => {
    expect(read(line)).toEqual({ username: 'ada@example.com', wrong: expect.stringMatching(/^disabled: /) })
  })

  test.each([
    ['a number that JSON rounds', JSON.parse('{"id":9007199254740993}')],
    ['a fraction', { id: 1.5 }],
    ['an object', { id: { uuid: 'u1' } }],
    ['an _id of Auth0', { _id: { uuid: 'u1' }, passwordHash: 'x', encrypted_password: undefined }],
  ])('an id that is %s, so that nobody gets another', (_, members) => {
    expect(read({ ...supabaseUser, ...members })).toEqual({
      username: 'ada@example.com',
      wrong: expect.stringMatching(/^sub: /),
    })
  })

  test('but what is null or empty is absent', () => {
    const user = { username: 'ada@example.com' }

    expect(read({ localId: 'f1', email: user.username, disabled: null })).toMatchObject({ user: { sub: 'f1' } })
    expect(read({ ...supabaseUser, id: '', deleted_at: '', banned_until: null })).toMatchObject({
      user: { ...user, password_hash: '$2a$10$x' },
    })
    expect(read({ ...auth0User, blocked: '' })).toMatchObject({ user: { ...user, sub: 'auth0|5f' } })
  })
})

const hostile: readonly unknown[] = [
  null,
  0,
  -1,
  Number.POSITIVE_INFINITY,
  true,
  '',
  '\0',
  '\ud800',
  'constructor',
  [],
  [[]],
  {},
  { $ne: '' },
  { toString: 1, valueOf: 1 },
]

/** The value with each of its parts replaced by each of the hostile ones, one at a time. */
function* spoiled(value: unknown): Generator<unknown> {
  if (Array.isArray(value))
    for (const [index, part] of value.entries()) for (const other of worse(part)) yield value.with(index, other)
  else if (typeof value === 'object' && value !== null)
    for (const [name, part] of Object.entries(value)) for (const other of worse(part)) yield { ...value, [name]: other }
}

function* worse(part: unknown): Generator<unknown> {
  yield* hostile
  yield* spoiled(part)
}

const argon2 = { memory: ['7168'], type: ['id'], version: ['1.3'], parallelism: ['1'], hashLength: ['32'] }
const keycloakPassword = {
  type: 'password',
  secretData: { salt: 'MDEyMzQ1Njc4OWFiY2RlZg==', value: 'MDEyMzQ1Njc4OWFiY2RlZg==' },
  credentialData: { algorithm: 'argon2', hashIterations: 3, additionalParameters: argon2 },
}

test.each([
  ['Firebase', firebaseUser],
  ['Keycloak', { username: 'ada', enabled: true, id: 'k', credentials: [keycloakPassword] }],
  ['Auth0', { _id: { $oid: '5f' }, email: 'a@b', passwordHash: 'x', user_id: 'auth0|x' }],
  ['Supabase', { id: 'u1', email: 'a@b', encrypted_password: 'x', banned_until: 'x', deleted_at: 'x' }],
  ['Cognito', { Username: 'ada', Attributes: [] }],
])('no value of a member of %s makes a user of wrong types: it is refused, or read as our own form', (_, line) => {
  for (const changed of spoiled(line)) {
    const reading = read(changed)
    if ('wrong' in reading) expect(reading.wrong).toMatch(/^\S.+\.$/)
    else if (reading.user !== changed) expect(typesOf(Object(reading.user))).toEqual([])
  }
})

const types = new Map([
  ['username', 'string'],
  ['email', 'string'],
  ['email_verified', 'boolean'],
  ['password_hash', 'string'],
  ['sub', 'string'],
  ['disabled', 'boolean'],
])

/** The members that are not of the type that they must have, and hashes in which a value became a text of JavaScript. */
const typesOf = (user: object) =>
  Object.entries(user).filter(([name, value]) => typeof value !== types.get(name) || /function|object/.test(value))
