import { expect } from '@jest/globals'
import { generateHOTP } from '@oslojs/otp'
import { Secret } from 'otpauth'
import type { Flow } from './flow.ts'
import { sessionsPerUser } from './functions.ts'
import { type Case, password } from './world.ts'

const wrongStep = '400 invalid_grant with error,error_description'
const over = '400 invalid_session with error,error_description'
const asked = '403 insufficient_authorization with error,error_description,auth_session,factors'

const codeOf = (secret: string, { clock }: Case) =>
  generateHOTP(new Uint8Array(Secret.fromBase32(secret).buffer), BigInt(Math.floor(clock() / 30)), 6)

/** A user with an app, and recovery codes. */
async function enrolled(case_: Case) {
  const { newUser, service, username, clock } = case_
  await newUser()
  const { access_token = '' } = (await service.logIn(username, password)).json
  const { secret = '' } = (await service.factors('POST /factors/totp', access_token)).json
  const { json } = await service.factors('POST /factors/totp/confirm', access_token, { code: codeOf(secret, case_) })
  clock.advance(60)
  const [first = '', second = ''] = Object(json)['recovery_codes'] ?? []
  return { secret, first, second }
}

/** Whatever came of a step, the next log-in gets tokens after a factor, and never without one. */
async function expectAsked({ service, username, sub, clock }: Case, recovery_code: string): Promise<void> {
  clock.advance(1)
  const { text, json } = await service.logIn(username, password)
  expect(text).toBe(asked)
  expect((await service.prove(json['auth_session'], { recovery_code })).text).toBe('200')
  expect((await service.sessions.listSessions(sub)).sessions.length).toBeLessThanOrEqual(sessionsPerUser + 1)
}

export const factorFlows: readonly Flow[] = [
  {
    name: 'the first step of a log-in with a factor',
    calls: [
      ...['UpdateItem address count', 'UpdateItem account count', 'GetItem identifier', 'GetItem epoch'],
      ...['GetItem account', 'Query password', 'PutItem code'],
    ],
    answer: asked,
    begin: async (case_) => {
      const { first } = await enrolled(case_)
      return {
        act: ({ logIn }) => logIn(case_.username, password),
        afterwards: async () => expectAsked(case_, first),
      }
    },
  },
  {
    name: 'the code of an app',
    calls: [
      ...['UpdateItem code', 'GetItem account', 'Query password', 'Decrypt', 'UpdateItem password', 'DeleteItem code'],
      ...['Sign', 'PutItem session', 'Query session', 'DeleteItem account count'],
    ],
    answer: '200',
    // The auth session has ended, and who ended it nobody knows any more.
    repeated: { 'DeleteItem code': over },
    begin: async (case_) => {
      const { secret, first } = await enrolled(case_)
      const { json } = await case_.service.logIn(case_.username, password)
      const totp = codeOf(secret, case_)
      return {
        act: ({ prove }) => prove(json['auth_session'], { totp }),
        afterwards: async ({ text }) => {
          const again = await case_.service.prove(json['auth_session'], { totp })
          if (text === '200') expect(again.text).toBe(over)
          await expectAsked(case_, first)
        },
      }
    },
  },
  {
    name: 'a recovery code',
    calls: [
      ...[
        'UpdateItem code',
        'GetItem account',
        'Query password',
        'TransactWriteItems',
        'Invoke mail',
        'DeleteItem code',
      ],
      ...['Sign', 'PutItem session', 'Query session', 'DeleteItem account count'],
    ],
    answer: '200',
    harmless: ['Invoke mail'],
    repeated: { 'DeleteItem code': over },
    begin: async (case_) => {
      const { first, second } = await enrolled(case_)
      const { json } = await case_.service.logIn(case_.username, password)
      return {
        act: ({ prove }) => prove(json['auth_session'], { recovery_code: first }),
        afterwards: async ({ text }) => {
          const again = await case_.service.prove(json['auth_session'], { recovery_code: first })
          if (text === '200') expect(again.text).toBe(over)
          await expectAsked(case_, second)
        },
      }
    },
  },
  {
    name: 'a wrong code of an app',
    calls: ['UpdateItem code', 'GetItem account', 'Query password', 'Decrypt', 'UpdateItem password'],
    answer: wrongStep,
    begin: async (case_) => {
      const { first } = await enrolled(case_)
      const { json } = await case_.service.logIn(case_.username, password)
      return {
        act: ({ prove }) => prove(json['auth_session'], { totp: '000000' }),
        afterwards: async () => expectAsked(case_, first),
      }
    },
  },
  {
    name: 'the enrolment of an app',
    calls: [
      ...['GetItem session', 'GetItem epoch', 'GetItem account', 'Query password', 'GetItem code', 'Decrypt'],
      ...['TransactWriteItems', 'Invoke mail'],
    ],
    answer: '200',
    harmless: ['Invoke mail'],
    begin: async (case_) => {
      const { newUser, service, username } = case_
      await newUser()
      const { access_token = '' } = (await service.logIn(username, password)).json
      const { secret = '' } = (await service.factors('POST /factors/totp', access_token)).json
      const body = { code: codeOf(secret, case_) }
      return {
        act: ({ factors }) => factors('POST /factors/totp/confirm', access_token, body),
        afterwards: async () => {
          // Enrolled or not: the password alone does as much as there is to prove.
          const { text } = await service.logIn(username, password)
          const again = await service.factors('POST /factors/totp/confirm', access_token, body)
          expect([text, again.text.slice(0, 3)]).toEqual(text === '200' ? ['200', '200'] : [asked, '401'])
        },
      }
    },
  },
]
