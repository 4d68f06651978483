import { afterAll, expect, test } from '@jest/globals'
import { type Authenticator, type CredentialJson, createAuthenticator } from '../support/authenticator.ts'
import {
  hostileAssertions,
  hostileRegistrations,
  lyingAssertions,
  lyingRegistrations,
} from '../support/hostile/credentials.ts'
import { type Headers, isRefusal, startAttackedStack, type User } from './attacked-stack.ts'

// What the texts of routes.test.ts cannot be: credentials, at the routes that take them.
const stack = await startAttackedStack('secondFactor=optional')
afterAll(stack[Symbol.asyncDispose])
const { post, createUser, secrets } = stack

type Options = Parameters<Authenticator['create']>[0]

const bearer = ({ accessToken }: User): Headers => ({ authorization: `Bearer ${accessToken}` })

/** What a response offers, with its challenge kept as the secret that it is. */
function offerOf({ body }: { readonly body: string }): { readonly auth_session: string; readonly options: Options } {
  const offer = JSON.parse(body)
  secrets.keep('challenge', offer.options.challenge)
  return offer
}

/** Begins an enrolment, and returns how it is confirmed with a credential. */
async function enrolment(user: User) {
  const { options } = offerOf(await post('/factors/passkeys', {}, bearer(user)))
  return { options, confirm: (credential: unknown) => post('/factors/passkeys/confirm', { credential }, bearer(user)) }
}

/** Begins a log-in, and returns how it goes on with a credential. */
async function logIn() {
  const { auth_session, options } = offerOf(await post('/login/passkey', {}))
  return { options, goOn: (credential: unknown) => post('/login/passkey', { auth_session, credential }) }
}

const keep = ({ response }: CredentialJson) => {
  secrets.keep('credential', ...Object.values(response).filter((part) => typeof part === 'string'))
}

// REQ-8, REQ-131, REQ-173
test('the enrolment of a passkey refuses every hostile credential in one shape, and takes the right one after it', async () => {
  const [user, passkey] = [await createUser(), createAuthenticator('ES256', { origin: stack.url })]
  const { options, confirm } = await enrolment(user)
  const honest = passkey.create(options)
  keep(honest)
  const surprises: unknown[] = []
  const attack = async (name: string, credential: unknown) => {
    const answer = await confirm(credential)
    if (!isRefusal(answer) || secrets.foundIn(answer.body).length > 0)
      surprises.push([name, answer.status, answer.body])
  }
  for (const { name, make } of hostileRegistrations) await attack(name, make(honest))
  for (const { name, lies } of lyingRegistrations) await attack(name, passkey.create(options, lies))

  expect(surprises).toEqual([])
  expect((await confirm(honest)).status).toBe(201)
})

// REQ-8, REQ-131, REQ-173, REQ-174
test('a log-in by passkey refuses every hostile credential in one shape, and takes the right one after it', async () => {
  const [user, passkey] = [await createUser(), createAuthenticator('ES256', { origin: stack.url })]
  const { options, confirm } = await enrolment(user)
  await confirm(passkey.create(options))
  const surprises: unknown[] = []
  const attack = async (name: string, make: (begun: Options & { readonly rpId: string }) => unknown) => {
    const begun = await logIn()
    const answer = await begun.goOn(make(begun.options as never))
    if (!isRefusal(answer) || secrets.foundIn(answer.body).length > 0)
      surprises.push([name, answer.status, answer.body])
  }
  for (const { name, make } of hostileAssertions) await attack(name, (begun) => make(passkey.get(begun)))
  for (const { name, lies } of lyingAssertions) await attack(name, (begun) => passkey.get(begun, lies))

  expect(surprises).toEqual([])
  const begun = await logIn()
  const credential = passkey.get(begun.options as never)
  keep(credential)
  expect((await begun.goOn(credential)).status).toBe(200)
  expect((await begun.goOn(credential)).status).toBe(400)
})

// REQ-122, REQ-123, REQ-131
test('what was written meanwhile is JSON, tells of no fault and holds no secret', async () => {
  const { lines, ...wrong } = await stack.readLog()

  expect(wrong).toEqual({ strange: [], faults: [], leaks: [] })
  expect(lines).toBeGreaterThan(200)
})
