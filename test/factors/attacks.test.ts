import { afterAll, describe, expect, test } from '@jest/globals'
import { createAuthenticator } from '../support/authenticator.ts'
import { createHolder } from '../support/builders/factor-holder.ts'
import {
  createFactorService,
  type FactorService,
  origin,
  viewFactorService,
} from '../support/builders/factor-service.ts'
import { countCalls } from '../support/count-calls.ts'
import { openTable } from '../support/table.ts'
import { interruptOnce } from './interrupted.ts'

const table = await openTable()
afterAll(table.close)
const calls = countCalls(table.client)

const setUp = async (settings: Parameters<typeof createFactorService>[1] = {}) => {
  const service = await createFactorService(table, settings)
  return { ...service, ...createHolder(service) }
}

type SetUp = Awaited<ReturnType<typeof setUp>>

/** The same service, where something else happens before the first command of this name. */
const interrupted = (service: SetUp, command: string, interrupt: () => Promise<unknown>, more: object = {}) => {
  const isIt = (each: object) => each.constructor.name === command
  const client = interruptOnce(table.client, isIt, interrupt)
  return viewFactorService({ client, name: table.name }, service.account, { clock: service.clock, ...more })
}

// REQ-174
describe('the id of a passkey, which everyone has seen who knows the password,', () => {
  /** What a passkey of this account is answered that signs with another key, and the calls that this takes. */
  async function refusalOf({ call }: SetUp, id: string) {
    const { json } = await call('POST /login/passkey', {})
    const stranger = createAuthenticator('ES256', { origin })
    const credential = { ...stranger.get(json['options'] as never, { userHandle: 'c3ViamVjdA' }), id, rawId: id }
    const before = calls.length
    const { status, json: body } = await call('POST /login/passkey', { auth_session: json['auth_session'], credential })
    return { status, body, calls: calls.slice(before).toSorted() }
  }

  test('tells a stranger neither that there is such a passkey nor that its account is disabled', async () => {
    const service = await setUp()
    const { id } = await service.enrolPasskey()
    const unknown = await refusalOf(service, 'A'.repeat(43))
    const known = await refusalOf(service, id)
    await service.lifecycle.disable(String(service.credentials.username))

    expect(known).toEqual(unknown)
    expect(await refusalOf(service, id)).toEqual(unknown)
    expect(unknown).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  test('tells not even its owner that the account is disabled', async () => {
    const service = await setUp()
    const { passkey } = await service.enrolPasskey()
    await service.lifecycle.disable(String(service.credentials.username))

    expect(await service.signIn(passkey)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
  })
})

// REQ-172, REQ-175
describe('the owner is told', () => {
  const endings: Readonly<Record<string, (service: SetUp) => Promise<unknown>>> = {
    'a new password': ({ stores, account }) => stores.passwords.setHash(account.sub, 'another hash'),
    disable: ({ lifecycle, credentials }) => lifecycle.disable(String(credentials.username)),
  }

  test.each(Object.keys(endings))('of an app that was added by a log-in that %s ended right then', async (name) => {
    const service = await setUp({ policy: 'required' })
    const { auth_session } = (await service.logIn()).json
    const { secret } = (await service.call('POST /factors/totp', { auth_session })).json
    const view = interrupted(service, 'DeleteCommand', async () => endings[name]?.(service), { policy: 'required' })
    const body = { auth_session, code: service.codeOf(String(secret)) }

    expect(await view.call('POST /factors/totp/confirm', body)).toMatchObject({ json: { error: 'invalid_session' } })
    expect(view.notices).toMatchObject([{ kind: 'factorAdded', factor: 'totp' }])
  })

  test('of an app whose log-in was completed by its next code, before the confirmation was answered', async () => {
    const service = await setUp({ policy: 'required' })
    const { auth_session } = (await service.logIn()).json
    const secret = String((await service.call('POST /factors/totp', { auth_session })).json['secret'])
    const finish = () => service.step(auth_session, { totp: service.codeOf(secret, 1) })
    const view = interrupted(service, 'DeleteCommand', finish, { policy: 'required' })
    await view.call('POST /factors/totp/confirm', { auth_session, code: service.codeOf(secret) })

    expect(view.notices).toMatchObject([{ kind: 'factorAdded', factor: 'totp' }])
  })

  test('of a passkey that was added by a log-in that ended right then', async () => {
    const service = await setUp({ policy: 'required' })
    const { auth_session } = (await service.logIn()).json
    const { options } = (await service.call('POST /factors/passkeys', { auth_session })).json
    const credential = createAuthenticator('ES256', { origin }).create(options as never)
    const end = () => service.stores.passwords.setHash(service.account.sub, 'another hash')
    const view = interrupted(service, 'DeleteCommand', end, { policy: 'required' })

    expect(await view.call('POST /factors/passkeys/confirm', { auth_session, credential })).toMatchObject({
      json: { error: 'invalid_session' },
    })
    expect(view.notices).toMatchObject([{ kind: 'factorAdded', factor: 'passkey' }])
  })

  test('of each recovery code that is used up, also where the log-in gets no tokens for it', async () => {
    const service = await setUp()
    const { codes } = await service.enrolTotp()
    const { auth_session } = (await service.logIn()).json
    const end = () => service.stores.passwords.setHash(service.account.sub, 'another hash')
    const view = interrupted(service, 'DeleteCommand', end)

    expect(await view.step(auth_session, { recovery_code: codes[0] })).toMatchObject({ status: 400 })
    expect(view.notices).toMatchObject([{ kind: 'recoveryCodeUsed', left: 9 }])
  })
})

// REQ-171
test('a lock that a thief of the password left ends when an administrator resets the factors', async () => {
  const service = await setUp()
  const { logIn, step, enrolTotp, enrolPasskey, call, resetFactors, credentials, clock } = service
  await enrolTotp()
  clock.advance(60)
  for (const session of [await logIn(), await logIn()])
    for (let tries = 0; tries < 5; tries += 1) await step(session.json['auth_session'], { totp: '000000' })
  await resetFactors(String(credentials.username))
  const { passkey } = await enrolPasskey()
  const { auth_session } = (await logIn()).json
  const { options } = (await call('POST /login/passkey', { auth_session })).json

  expect(await call('POST /login/passkey', { auth_session, credential: passkey.get(options as never) })).toMatchObject({
    status: 200,
  })
})

// REQ-173
test('the challenge of a new passkey is good for five minutes', async () => {
  const enrolAfter = async (seconds: number) => {
    const { call, token, clock } = await setUp()
    const bearer = await token()
    const { options } = (await call('POST /factors/passkeys', undefined, bearer)).json
    const credential = createAuthenticator('ES256', { origin }).create(options as never)
    clock.advance(seconds)
    return call('POST /factors/passkeys/confirm', { credential }, bearer)
  }

  expect(await enrolAfter(299)).toMatchObject({ status: 201 })
  expect(await enrolAfter(301)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
})

// REQ-169, REQ-171
describe('an auth session of one account', () => {
  test('takes no proof of another, and counts each as a failure', async () => {
    const [mine, theirs] = [await setUp(), await setUp()]
    const [{ secret }, other] = [await mine.enrolTotp(), await theirs.enrolTotp()]
    for (const { clock } of [mine, theirs]) clock.advance(60)
    const { auth_session } = (await mine.logIn()).json
    const proofs = [{ totp: theirs.codeOf(other.secret) }, { recovery_code: other.codes[0] }]
    for (const proof of proofs)
      expect(await mine.step(auth_session, proof)).toMatchObject({ json: { error: 'invalid_grant' } })

    expect(await mine.step(auth_session, { totp: mine.codeOf(secret) })).toMatchObject({ status: 200 })
  })

  test('confirms no enrolment that another began', async () => {
    const [mine, theirs] = [await setUp({ policy: 'required' }), await setUp({ policy: 'required' })]
    const begin = async ({ logIn, call }: FactorService) => {
      const { auth_session } = (await logIn()).json
      return { auth_session, secret: String((await call('POST /factors/totp', { auth_session })).json['secret']) }
    }
    const [{ auth_session }, { secret }] = [await begin(mine), await begin(theirs)]
    const code = mine.codeOf(secret)

    expect(await mine.call('POST /factors/totp/confirm', { auth_session, code })).toMatchObject({ status: 400 })
    const second = (await mine.logIn()).json['auth_session']
    expect(await mine.call('POST /factors/totp/confirm', { auth_session: second, code })).toMatchObject({ status: 400 })
  })

  test('that belongs to nobody yet takes no code and enrols nothing', async () => {
    const { call, enrolTotp, codeOf, clock } = await setUp()
    const { secret } = await enrolTotp()
    clock.advance(60)
    const { auth_session } = (await call('POST /login/passkey', {})).json

    expect(await call('POST /login', { auth_session, totp: codeOf(secret) })).toMatchObject({ status: 400 })
    expect(await call('POST /factors/totp', { auth_session })).toMatchObject({ json: { error: 'invalid_session' } })
    expect(await call('POST /factors/passkeys', { auth_session })).toMatchObject({ json: { error: 'invalid_session' } })
  })

  test('is not opened by the signature for another', async () => {
    const { call, enrolPasskey } = await setUp()
    const { passkey } = await enrolPasskey()
    const [one, other] = [(await call('POST /login/passkey', {})).json, (await call('POST /login/passkey', {})).json]
    const credential = passkey.get(one['options'] as never)

    expect(await call('POST /login/passkey', { auth_session: other['auth_session'], credential })).toMatchObject({
      status: 400,
    })
  })
})

// REQ-169
test('a password and five minutes let nobody guess at a passkey after it without the count of the factors', async () => {
  const { call, logIn, enrolPasskey } = await setUp()
  const { passkey } = await enrolPasskey()
  const forged = Buffer.alloc(70, 1)
  const guesses = []
  for (let round = 0; round < 2; round += 1) {
    const { auth_session } = (await logIn()).json
    for (let tries = 0; tries < 5; tries += 1) {
      const { options } = (await call('POST /login/passkey', { auth_session })).json
      const credential = passkey.get(options as never, { signature: forged })
      guesses.push((await call('POST /login/passkey', { auth_session, credential })).status)
    }
  }
  const { auth_session } = (await logIn()).json
  const { options } = (await call('POST /login/passkey', { auth_session })).json
  const credential = passkey.get(options as never)

  expect(guesses).toEqual(Array.from({ length: 10 }, () => 400))
  expect(await call('POST /login/passkey', { auth_session, credential })).toMatchObject({ status: 429 })
})

// REQ-98, REQ-169, REQ-175
describe('a session that began by the password, before there was a factor,', () => {
  const newPassword = 'another battery of many horses'
  const changes = {
    'the password': ['POST /password', { current_password: 'correct horse battery staple', new_password: newPassword }],
    'the address': ['POST /email', { email: 'thief@example.com', password: 'correct horse battery staple' }],
  } as const

  test.each(Object.entries(changes))('changes %s no more, whoever knows the password', async (_, [route, body]) => {
    const { call, token, enrolTotp } = await setUp()
    const former = await token()
    const { token: strong } = await enrolTotp()
    const refused = await call(route, body, former)

    expect(refused).toMatchObject({ status: 401, json: { error: 'insufficient_user_authentication' } })
    expect(refused.headers).toMatchObject({ 'www-authenticate': expect.stringContaining('acr_values="mfa"') })
    // The owner still may.
    expect((await call(route, body, strong)).status).toBeLessThan(300)
  })

  test.each(Object.entries(changes))('changes %s no more once a factor is required', async (_, [route, body]) => {
    const service = await setUp()
    const required = viewFactorService(table, service.account, { clock: service.clock, policy: 'required' })

    expect(await required.call(route, body, await service.token())).toMatchObject({
      ...{ status: 401, json: { error: 'insufficient_user_authentication' } },
    })
  })

  test('changes the password where there is no factor', async () => {
    const { call, token } = await setUp()

    expect(await call(...changes['the password'], await token())).toMatchObject({ status: 200 })
  })
})

// REQ-122
test('the log holds no secret of a factor', async () => {
  const service = await setUp()
  const { logIn, step, enrolTotp, enrolPasskey, codeOf, call, clock, logged } = service
  const { secret, codes, token } = await enrolTotp()
  const { passkey, id } = await enrolPasskey(token)
  clock.advance(60)
  const { auth_session } = (await logIn()).json
  await step(auth_session, { totp: '000000' })
  await step(auth_session, { recovery_code: codes[0] })
  const alone = (await call('POST /login/passkey', {})).json
  const credential = passkey.get(alone['options'] as never)
  await call('POST /login/passkey', { auth_session: alone['auth_session'], credential })
  const log = JSON.stringify(logged())

  const { signature, clientDataJSON } = credential.response
  const secrets = [secret, codeOf(secret), ...codes, ...[auth_session, alone['auth_session'], id], '000000']
  for (const each of [...secrets, signature, clientDataJSON, Object(alone['options']).challenge])
    expect(log).not.toContain(String(each))
})
