import { expect } from '@jest/globals'
import { createAuthenticator } from '../support/authenticator.ts'
import type { Flow } from './flow.ts'
import { origin, sessionsPerUser } from './functions.ts'
import type { Outcome } from './service.ts'
import { type Case, password } from './world.ts'

const over = '400 invalid_session with error,error_description'
const wrongStep = '400 invalid_grant with error,error_description'
const asked = '403 insufficient_authorization with error,error_description,auth_session,factors'

/** What a response asks the passkey to make or to sign. */
const optionsOf = ({ json }: Outcome) => Object(json)['options']

/** A passkey that counts what it signs, as hardware does. */
function countingPasskey() {
  const passkey = createAuthenticator('ES256', { origin })
  const state = { counter: 0 }
  const next = () => {
    state.counter += 1
    return { counter: state.counter }
  }
  return {
    create: (answer: Outcome) => passkey.create(optionsOf(answer), next()),
    get: (answer: Outcome) => passkey.get(optionsOf(answer), next()),
  }
}

type Passkey = ReturnType<typeof countingPasskey>

/** A log-in by the passkey alone, without faults. */
async function signIn({ service }: Case, passkey: Passkey): Promise<Outcome> {
  const begun = await service.logInByPasskey()
  return service.logInByPasskey({ auth_session: begun.json['auth_session'], credential: passkey.get(begun) })
}

/** A user who has just logged in by password, and a new passkey of theirs that is about to be confirmed. */
async function beginning(case_: Case) {
  const { newUser, service, username } = case_
  await newUser()
  const { access_token: token = '' } = (await service.logIn(username, password)).json
  const passkey = countingPasskey()
  const begun = await service.passkeys('POST /factors/passkeys', token)
  return { token, passkey, body: { credential: passkey.create(begun) } }
}

/** A user with a passkey. */
async function enrolled(case_: Case) {
  const { token, passkey, body } = await beginning(case_)
  const { id = '' } = (await case_.service.passkeys('POST /factors/passkeys/confirm', token, body)).json
  return { passkey, id }
}

/** Whatever came of a step: the password alone gets no token, the next log-in by passkey does. */
async function expectAsked(case_: Case, passkey: Passkey): Promise<void> {
  const { service, username, sub, clock } = case_
  clock.advance(1)
  expect((await service.logIn(username, password)).text).toBe(asked)
  expect((await signIn(case_, passkey)).text).toBe('200')
  expect((await service.sessions.listSessions(sub)).sessions.length).toBeLessThanOrEqual(sessionsPerUser + 1)
}

/** The auth session of a response is over with its tokens, and asks for the rest without them. */
async function expectOver({ service }: Case, { text }: Outcome, body: object): Promise<void> {
  const again = await service.logInByPasskey(body)
  if (text === '200') expect(again.text).toBe(over)
}

const holder = ['GetItem session', 'GetItem epoch', 'GetItem account', 'Query password']
const tokens = ['DeleteItem code', 'Sign', 'PutItem session', 'Query session']

export const passkeyFlows: readonly Flow[] = [
  {
    name: 'the challenge of a log-in by passkey',
    calls: ['PutItem code'],
    answer: '200',
    begin: async (case_) => {
      const { passkey } = await enrolled(case_)
      return {
        act: ({ logInByPasskey }) => logInByPasskey(),
        afterwards: async () => expectAsked(case_, passkey),
      }
    },
  },
  {
    name: 'a log-in by passkey',
    calls: ['UpdateItem code', 'GetItem identifier', ...holder.slice(1), 'UpdateItem password', ...tokens],
    answer: '200',
    // The auth session has ended, and who ended it nobody knows any more.
    repeated: { 'DeleteItem code': over },
    begin: async (case_) => {
      const { passkey } = await enrolled(case_)
      const begun = await case_.service.logInByPasskey()
      const body = { auth_session: begun.json['auth_session'], credential: passkey.get(begun) }
      return {
        act: ({ logInByPasskey }) => logInByPasskey(body),
        afterwards: async (outcome) => {
          await expectOver(case_, outcome, body)
          await expectAsked(case_, passkey)
        },
      }
    },
  },
  {
    name: 'a passkey that nobody has',
    calls: ['UpdateItem code', 'GetItem identifier', ...holder.slice(1)],
    answer: wrongStep,
    begin: async (case_) => {
      const { passkey } = await enrolled(case_)
      const begun = await case_.service.logInByPasskey()
      const credential = createAuthenticator('ES256', { origin }).get(optionsOf(begun), { userHandle: 'c3ViamVjdA' })
      return {
        act: ({ logInByPasskey }) => logInByPasskey({ auth_session: begun.json['auth_session'], credential }),
        afterwards: async () => expectAsked(case_, passkey),
      }
    },
  },
  {
    name: 'the challenge for a passkey after the password',
    calls: ['UpdateItem code', ...holder.slice(2)],
    answer: '200',
    begin: async (case_) => {
      const { passkey } = await enrolled(case_)
      const { auth_session } = (await case_.service.logIn(case_.username, password)).json
      return {
        act: ({ logInByPasskey }) => logInByPasskey({ auth_session }),
        afterwards: async () => {
          const begun = await case_.service.logInByPasskey({ auth_session })
          const body = { auth_session, credential: passkey.get(begun) }
          expect((await case_.service.logInByPasskey(body)).text).toBe('200')
          await expectAsked(case_, passkey)
        },
      }
    },
  },
  {
    name: 'a passkey after the password',
    calls: ['UpdateItem code', ...holder.slice(2), 'TransactWriteItems', ...tokens, 'DeleteItem account count'],
    answer: '200',
    repeated: { 'DeleteItem code': over },
    begin: async (case_) => {
      const { passkey } = await enrolled(case_)
      const { auth_session } = (await case_.service.logIn(case_.username, password)).json
      const body = { auth_session, credential: passkey.get(await case_.service.logInByPasskey({ auth_session })) }
      return {
        act: ({ logInByPasskey }) => logInByPasskey(body),
        afterwards: async (outcome) => {
          await expectOver(case_, outcome, body)
          await expectAsked(case_, passkey)
        },
      }
    },
  },
  {
    name: 'the challenge of a new passkey',
    calls: [...holder, 'UpdateItem code'],
    answer: '200',
    begin: async (case_) => {
      const { token } = await beginning(case_)
      return {
        act: ({ passkeys }) => passkeys('POST /factors/passkeys', token),
        afterwards: async () => {
          const passkey = countingPasskey()
          const begun = await case_.service.passkeys('POST /factors/passkeys', token)
          const body = { credential: passkey.create(begun) }
          expect((await case_.service.passkeys('POST /factors/passkeys/confirm', token, body)).text).toBe('201')
          await expectAsked(case_, passkey)
        },
      }
    },
  },
  {
    name: 'a new passkey',
    calls: [...holder, 'GetItem code', 'TransactWriteItems', 'Invoke mail'],
    answer: '201',
    harmless: ['Invoke mail'],
    begin: async (case_) => {
      const { token, passkey, body } = await beginning(case_)
      return {
        act: ({ passkeys }) => passkeys('POST /factors/passkeys/confirm', token, body),
        afterwards: async () => {
          const { text } = await case_.service.logIn(case_.username, password)
          // Enrolled or not: the password alone does as much as there is to prove.
          const again = await case_.service.passkeys('POST /factors/passkeys/confirm', token, body)
          expect([text, again.text.slice(0, 3)]).toEqual(text === '200' ? ['200', '201'] : [asked, '401'])
          await expectAsked(case_, passkey)
        },
      }
    },
  },
  {
    name: 'the removal of a passkey',
    calls: [...holder, 'TransactWriteItems', 'Invoke mail'],
    answer: '204',
    harmless: ['Invoke mail'],
    begin: async (case_) => {
      const { passkey, id } = await enrolled(case_)
      const { access_token: token = '' } = (await signIn(case_, passkey)).json
      return {
        act: ({ passkeys }) => passkeys('DELETE /factors/passkeys/{id}', token, {}, id),
        afterwards: async () => {
          // Removed or not: it lets in, and is asked for, or neither.
          const { text } = await case_.service.logIn(case_.username, password)
          const answers = [text, (await signIn(case_, passkey)).text]
          expect(answers).toEqual(text === '200' ? ['200', wrongStep] : [asked, '200'])
        },
      }
    },
  },
]
