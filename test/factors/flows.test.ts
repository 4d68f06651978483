import { afterAll, describe, expect, test } from '@jest/globals'
import { createAuthenticator } from '../support/authenticator.ts'
import { createHolder } from '../support/builders/factor-holder.ts'
import { createFactorService, origin } from '../support/builders/factor-service.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

const setUp = async (settings: Parameters<typeof createFactorService>[1] = {}) => {
  const service = await createFactorService(table, settings)
  return { ...service, ...createHolder(service) }
}

const recoveryCodes = Array.from({ length: 10 }, () =>
  expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){4}$/),
)

describe('a log-in by password', () => {
  test('is complete where the account has no factor', async () => {
    const { logIn, claimsOf } = await setUp()
    const answer = await logIn()

    expect(answer).toMatchObject({ status: 200, json: { token_type: 'Bearer', scope: 'orders:read' } })
    expect(claimsOf(answer)).toMatchObject({ amr: ['pwd'], acr: 'pwd', auth_time: 1_800_000_000 })
  })

  // REQ-169, REQ-176
  test('asks for a factor where the account has one, and its code completes it', async () => {
    const { logIn, step, enrolTotp, codeOf, clock, claimsOf, account } = await setUp()
    const { secret } = await enrolTotp()
    clock.advance(60)
    const first = await logIn()

    expect(first).toMatchObject({
      status: 403,
      json: { error: 'insufficient_authorization', factors: ['totp', 'recovery_code'] },
    })
    expect(first.json).not.toHaveProperty('access_token')
    const begun = clock()
    clock.advance(30)
    const done = await step(first.json['auth_session'], { totp: codeOf(secret) })
    expect(done).toMatchObject({ status: 200, json: { token_type: 'Bearer' } })
    expect(claimsOf(done)).toMatchObject({
      ...{ sub: account.sub, amr: ['pwd', 'otp', 'mfa'], acr: 'mfa', auth_time: begun },
    })
  })
})

// REQ-19, REQ-170
describe('a code of an authenticator app', () => {
  test('works once: neither at the same log-in nor at another', async () => {
    const { logIn, step, enrolTotp, codeOf, clock } = await setUp()
    const { secret } = await enrolTotp()
    clock.advance(60)
    const [one, other] = [await logIn(), await logIn()]
    const totp = codeOf(secret)

    expect(await step(one.json['auth_session'], { totp })).toMatchObject({ status: 200 })
    expect(await step(one.json['auth_session'], { totp })).toMatchObject({ json: { error: 'invalid_session' } })
    expect(await step(other.json['auth_session'], { totp })).toMatchObject({ json: { error: 'invalid_grant' } })
  })

  test('that confirmed the app is used up by that', async () => {
    const { logIn, step, enrolTotp, codeOf } = await setUp()
    const { secret } = await enrolTotp()
    const { json } = await logIn()

    expect(await step(json['auth_session'], { totp: codeOf(secret) })).toMatchObject({ status: 400 })
  })

  test('lets in one of ten log-ins that send it at once', async () => {
    const { logIn, step, enrolTotp, codeOf, clock } = await setUp()
    const { secret } = await enrolTotp()
    clock.advance(60)
    const begun = await Promise.all(Array.from({ length: 9 }, () => logIn()))
    const sessions = [...begun, begun[0]].map((answer) => answer?.json['auth_session'])
    const answers = await Promise.all(sessions.map((session) => step(session, { totp: codeOf(secret) })))

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(9)
  })

  test.each([[-1], [0], [1]])('is good %s steps away', async (steps) => {
    const { logIn, step, enrolTotp, codeOf, clock } = await setUp()
    const { secret } = await enrolTotp()
    clock.advance(600)
    const { json } = await logIn()

    expect(await step(json['auth_session'], { totp: codeOf(secret, steps) })).toMatchObject({ status: 200 })
  })

  test.each([[-2], [2]])('is not good %s steps away', async (steps) => {
    const { logIn, step, enrolTotp, codeOf, clock } = await setUp()
    const { secret } = await enrolTotp()
    clock.advance(600)
    const { json } = await logIn()

    expect(await step(json['auth_session'], { totp: codeOf(secret, steps) })).toMatchObject({ status: 400 })
  })
})

// REQ-171
describe('wrong steps', () => {
  test('end the auth session with the fifth, even for the right code', async () => {
    const { logIn, step, enrolTotp, codeOf, clock } = await setUp()
    const { secret } = await enrolTotp()
    clock.advance(60)
    const session = (await logIn()).json['auth_session']
    for (let tries = 0; tries < 5; tries += 1)
      expect(await step(session, { totp: '000000' })).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })

    expect(await step(session, { totp: codeOf(secret) })).toMatchObject({ json: { error: 'invalid_session' } })
  })

  test('lock the factors with the tenth in a row, and not the password', async () => {
    const { logIn, step, enrolTotp, codeOf, clock } = await setUp()
    const { secret, codes } = await enrolTotp()
    clock.advance(60)
    const [one, two, three] = [await logIn(), await logIn(), await logIn()].map(({ json }) => json['auth_session'])
    for (const session of [one, two]) for (let tries = 0; tries < 5; tries += 1) await step(session, { totp: '000000' })

    const locked = { status: 429, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } }
    expect(await step(three, { totp: codeOf(secret) })).toMatchObject(locked)
    expect(await step(three, { recovery_code: codes[0] })).toMatchObject(locked)
    expect(await logIn()).toMatchObject({ status: 403 })
    clock.advance(31)
    expect(await step(three, { totp: codeOf(secret) })).toMatchObject({ status: 200 })
  })

  test('of many at once: no more than ten are answered', async () => {
    const { logIn, step, enrolTotp, clock } = await setUp()
    await enrolTotp()
    clock.advance(60)
    const begun = await Promise.all(Array.from({ length: 8 }, () => logIn()))
    const guesses = begun.flatMap(({ json }) => Array.from({ length: 4 }, () => json['auth_session']))
    const answers = await Promise.all(guesses.map((session) => step(session, { totp: '000000' })))

    expect(answers.filter(({ status }) => status === 400)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(22)
  })

  test('look alike, whatever is wrong', async () => {
    const { logIn, step, enrolTotp, codeOf, clock } = await setUp()
    const { secret } = await enrolTotp()
    clock.advance(600)
    const wrong = [
      ...[{ totp: '000000' }, { totp: codeOf(secret, -2) }, { totp: 'six' }, { totp: '' }, { totp: '12345678' }],
      ...[{ recovery_code: 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA' }, { recovery_code: '' }, { email_code: '12345678' }],
    ]
    const answers = []
    for (const members of wrong) answers.push(await step((await logIn()).json['auth_session'], members))

    expect(new Set(answers.map(({ status, json }) => JSON.stringify([status, json])))).toHaveProperty('size', 1)
    expect(answers[0]).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
  })
})

// REQ-172
describe('recovery codes', () => {
  test('come with the first factor only', async () => {
    const { enrolTotp, enrolPasskey } = await setUp()
    const first = await enrolTotp()
    const second = await enrolPasskey(first.token)

    expect(first.answer.json['recovery_codes']).toEqual(recoveryCodes)
    expect(second.answer).toMatchObject({ status: 201 })
    expect(second.answer.json).not.toHaveProperty('recovery_codes')
  })

  test('work once each, are told by mail, and count as a second factor', async () => {
    const { logIn, step, enrolTotp, notices, claimsOf } = await setUp()
    const { codes } = await enrolTotp()
    const [one, other] = [await logIn(), await logIn()].map(({ json }) => json['auth_session'])
    const typed = ` ${String(codes[3]).toLowerCase().replaceAll('-', ' ')} `
    const used = await step(one, { recovery_code: typed })

    expect(used).toMatchObject({ status: 200 })
    expect(claimsOf(used)).toMatchObject({ amr: ['pwd', 'otp', 'mfa'], acr: 'mfa' })
    expect(notices.at(-1)).toMatchObject({ kind: 'recoveryCodeUsed', left: 9 })
    expect(await step(other, { recovery_code: codes[3] })).toMatchObject({ json: { error: 'invalid_grant' } })
  })

  test('let in one of ten log-ins that send the same at once', async () => {
    const { logIn, step, enrolTotp } = await setUp()
    const { codes } = await enrolTotp()
    const begun = await Promise.all(Array.from({ length: 9 }, () => logIn()))
    const answers = await Promise.all(begun.map(({ json }) => step(json['auth_session'], { recovery_code: codes[0] })))

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('are replaced by a new set', async () => {
    const { call, logIn, step, enrolTotp } = await setUp()
    const { codes, token } = await enrolTotp()
    const renewed = await call('POST /factors/recovery-codes', undefined, token)

    expect(renewed).toMatchObject({ status: 200, json: { recovery_codes: recoveryCodes } })
    const session = (await logIn()).json['auth_session']
    expect(await step(session, { recovery_code: codes[0] })).toMatchObject({ status: 400 })
    const [first] = renewed.json['recovery_codes'] as string[]
    expect(await step(session, { recovery_code: first })).toMatchObject({ status: 200 })
  })
})

describe('a passkey', () => {
  test('lets its owner in without a name, and is two factors', async () => {
    const { enrolPasskey, signIn, claimsOf, account } = await setUp()
    const { passkey } = await enrolPasskey()
    const answer = await signIn(passkey)

    expect(answer).toMatchObject({ status: 200 })
    expect(claimsOf(answer)).toMatchObject({ sub: account.sub, amr: ['pop', 'user', 'mfa'], acr: 'mfa' })
  })

  test('is the second factor after a password', async () => {
    const { call, enrolPasskey, logIn, claimsOf } = await setUp()
    const { passkey, id } = await enrolPasskey()
    const session = (await logIn()).json['auth_session']
    const asked = await call('POST /login/passkey', { auth_session: session })

    expect(asked).toMatchObject({ status: 200, json: { auth_session: session } })
    expect(asked.json['options']).toMatchObject({ rpId: 'example.com', allowCredentials: [{ id }] })
    const credential = passkey.get(asked.json['options'] as never)
    const answer = await call('POST /login/passkey', { auth_session: session, credential })
    expect(answer).toMatchObject({ status: 200 })
    expect(claimsOf(answer)).toMatchObject({ amr: ['pwd', 'pop', 'user', 'mfa'], acr: 'mfa' })
  })

  // REQ-169
  test('of another account is no second factor', async () => {
    const [mine, theirs] = [await setUp(), await setUp()]
    await mine.enrolPasskey()
    const { passkey } = await theirs.enrolPasskey()
    const session = (await mine.logIn()).json['auth_session']
    const asked = await mine.call('POST /login/passkey', { auth_session: session })
    const credential = passkey.get(asked.json['options'] as never)

    expect(await mine.call('POST /login/passkey', { auth_session: session, credential })).toMatchObject({ status: 400 })
  })

  test('signs a challenge once: of ten log-ins with one signature one gets tokens', async () => {
    const { call, enrolPasskey } = await setUp()
    const { passkey } = await enrolPasskey()
    const { json } = await call('POST /login/passkey', {})
    const members = { auth_session: json['auth_session'], credential: passkey.get(json['options'] as never) }
    const answers = await Promise.all(Array.from({ length: 10 }, () => call('POST /login/passkey', members)))

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('belongs to one account: another cannot enrol it too', async () => {
    const [mine, theirs] = [await setUp(), await setUp()]
    const { passkey } = await mine.enrolPasskey()
    const stolen = await theirs.enrolPasskey(undefined, passkey)

    expect(stolen.answer).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
    expect(await theirs.logIn()).toMatchObject({ status: 200 })
  })

  test('is named, listed and removed', async () => {
    const { call, enrolPasskey, signIn, logIn } = await setUp()
    const { passkey, id, token } = await enrolPasskey(
      undefined,
      createAuthenticator('ES256', { origin }),
      '  My phone ',
    )
    const fresh = String((await signIn(passkey)).json['access_token'])

    expect(await call('GET /factors', undefined, fresh)).toMatchObject({
      status: 200,
      json: {
        factors: [
          { type: 'passkey', id, name: 'My phone' },
          { type: 'recovery_codes', left: 10 },
        ],
      },
    })
    expect(await call('DELETE /factors/passkeys/{id}', undefined, fresh, id)).toMatchObject({ status: 204 })
    expect(await call('GET /factors', undefined, token)).toMatchObject({ json: { factors: [] } })
    expect(await logIn()).toMatchObject({ status: 200 })
    expect(await signIn(passkey)).toMatchObject({ status: 400 })
  })

  test('is one of at most twenty, also where many are enrolled at once', async () => {
    const { enrolPasskey, factors, account, logIn } = await setUp()
    const { token } = await enrolPasskey()
    for (let made = 1; made < 19; made += 1) await enrolPasskey(token)
    const last = await Promise.all(Array.from({ length: 3 }, async () => enrolPasskey(token)))
    const more = await enrolPasskey(token)

    expect(last.some(({ answer }) => answer.status === 201)).toBe(true)
    expect(more.answer).toMatchObject({ status: 400 })
    expect((await factors.findCredentials(account.sub)).factors.passkeys).toHaveLength(20)
    expect(await logIn()).toMatchObject({ status: 403 })
  }, 60_000)
})

// REQ-175
describe('a change of factors', () => {
  test('needs a log-in of the last ten minutes', async () => {
    const { call, token, clock } = await setUp()
    const first = await token()
    clock.advance(599)

    expect(await call('POST /factors/totp', undefined, first)).toMatchObject({ status: 200 })
    clock.advance(2)
    expect(await call('POST /factors/totp', undefined, first)).toMatchObject({
      status: 401,
      json: { error: 'insufficient_user_authentication' },
      headers: { 'www-authenticate': expect.stringContaining('max_age="600", acr_values="mfa"') },
    })
  })

  test('needs a factor where there is one', async () => {
    const { call, token, enrolTotp } = await setUp()
    const early = await token()
    await enrolTotp()

    for (const route of ['POST /factors/totp', 'DELETE /factors/totp', 'POST /factors/recovery-codes'])
      expect(await call(route, undefined, early)).toMatchObject({ status: 401 })
  })

  test('is told by mail', async () => {
    const { call, enrolTotp, enrolPasskey, notices } = await setUp()
    const { token } = await enrolTotp()
    await enrolPasskey(token)
    await call('DELETE /factors/totp', undefined, token)

    expect(notices.map(({ kind, ...notice }) => [kind, Object(notice).factor])).toEqual([
      ['factorAdded', 'totp'],
      ['factorAdded', 'passkey'],
      ['factorRemoved', 'totp'],
    ])
  })

  test('has no effect with the token of a session that has ended', async () => {
    const { call, token, lifecycle, credentials } = await setUp()
    const mine = await token()
    await lifecycle.revokeSessions(String(credentials.username))

    expect(await call('POST /factors/totp', undefined, mine)).toMatchObject({
      status: 401,
      json: { error: 'invalid_token' },
    })
  })
})

describe('a required second factor', () => {
  // REQ-18, REQ-177
  test('is enrolled before there are tokens, and by that alone', async () => {
    const { call, logIn, codeOf, claimsOf } = await setUp({ policy: 'required' })
    const first = await logIn()
    const auth_session = first.json['auth_session']

    expect(first).toMatchObject({ status: 403, json: { enrol: ['totp', 'passkey'] } })
    expect(first.json).not.toHaveProperty('factors')
    for (const route of ['GET /factors', 'DELETE /factors/totp', 'POST /factors/recovery-codes'])
      expect(await call(route, { auth_session })).toMatchObject({ status: 401 })
    const begun = await call('POST /factors/totp', { auth_session })
    const code = codeOf(String(begun.json['secret']))
    const done = await call('POST /factors/totp/confirm', { auth_session, code })
    expect(done).toMatchObject({ status: 200, json: { token_type: 'Bearer', recovery_codes: recoveryCodes } })
    expect(claimsOf(done)).toMatchObject({ amr: ['pwd', 'otp', 'mfa'], acr: 'mfa' })
    expect(await call('POST /factors/totp', { auth_session })).toMatchObject({ json: { error: 'invalid_session' } })
  })

  // REQ-175
  test('is enrolled after a code by mail where the address is proved', async () => {
    const account = { identifiers: ['ada@enrol.example.com'], emailVerified: true }
    const { call, logIn, step } = await setUp({ policy: 'required', canMail: true, account })
    const { status, json } = await logIn()
    const { auth_session } = json as Record<string, string>

    expect([status, json['factors'], json['enrol']]).toEqual([403, ['email_code'], undefined])
    expect(await call('POST /factors/totp', { auth_session })).toMatchObject({ json: { error: 'invalid_session' } })
    expect(await step(auth_session, { email_code: '00000000' })).toMatchObject({ json: { error: 'invalid_grant' } })
    expect(await step(auth_session, { email_code: '1234 5678' })).toMatchObject({
      status: 403,
      json: { auth_session, enrol: ['totp', 'passkey'] },
    })
    expect(await call('POST /factors/totp', { auth_session })).toMatchObject({ status: 200 })
  })

  test('is not removed, but replaced', async () => {
    const { call, logIn, step, enrolByLogIn, codeOf, clock } = await setUp({ policy: 'required' })
    const { token, secret } = await enrolByLogIn()

    expect(await call('DELETE /factors/totp', undefined, token)).toMatchObject({ status: 400 })
    const begun = await call('POST /factors/totp', undefined, token)
    const next = String(begun.json['secret'])
    expect(await call('POST /factors/totp/confirm', { code: codeOf(next) }, token)).toMatchObject({ status: 200 })
    clock.advance(60)
    const session = (await logIn()).json['auth_session']
    expect(await step(session, { totp: codeOf(secret) })).toMatchObject({ status: 400 })
    expect(await step(session, { totp: codeOf(next) })).toMatchObject({ status: 200 })
  })
})

describe('a factor that was lost', () => {
  test('is reset by an administrator: sessions and log-ins under way end, the password stays', async () => {
    const { call, logIn, step, enrolTotp, codeOf, clock, resetFactors, credentials } = await setUp()
    const { secret, token } = await enrolTotp()
    clock.advance(60)
    const session = (await logIn()).json['auth_session']
    await resetFactors(String(credentials.username))

    expect(await step(session, { totp: codeOf(secret) })).toMatchObject({ status: 400 })
    expect(await call('GET /factors', undefined, token)).toMatchObject({ status: 401 })
    expect(await logIn()).toMatchObject({ status: 200 })
  })
})

describe('an auth session', () => {
  test('is over after five minutes', async () => {
    const { logIn, step, enrolTotp, codeOf, clock } = await setUp()
    const { secret } = await enrolTotp()
    const session = (await logIn()).json['auth_session']
    clock.advance(301)

    expect(await step(session, { totp: codeOf(secret) })).toMatchObject({ json: { error: 'invalid_session' } })
  })

  test('is stored as a hash only', async () => {
    const { logIn, enrolTotp, dump } = await setUp()
    await enrolTotp()
    const { json } = await logIn()

    expect(await dump(table)).not.toContain(json['auth_session'])
  })
})

// REQ-174
describe('whether an account has a factor', () => {
  test('is told by nothing before the password was right', async () => {
    const [without, withTotp] = [await setUp(), await setUp()]
    await withTotp.enrolTotp()
    const answers = [await without.logIn({ password: 'wrong' }), await withTotp.logIn({ password: 'wrong' })]

    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
  })

  test('is told by no challenge for a passkey, and by no refusal of one', async () => {
    const [without, withPasskey] = [await setUp(), await setUp()]
    await withPasskey.enrolPasskey()
    const stranger = createAuthenticator('ES256', { origin })
    const refusals = []
    for (const { call, account } of [without, withPasskey]) {
      const { json } = await call('POST /login/passkey', {})
      expect(json['options']).toEqual({ ...Object(json['options']), allowCredentials: [] })
      const userHandle = Buffer.from(account.sub).toString('base64url')
      const credential = stranger.get(json['options'] as never, { userHandle })
      refusals.push(await call('POST /login/passkey', { auth_session: json['auth_session'], credential }))
    }

    expect(refusals[0]).toEqual(refusals[1])
    expect(refusals[0]).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
  })
})
