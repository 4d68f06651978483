import { expect } from '@jest/globals'
import { decodeJwt } from 'jose'
import { type Flow, unavailable } from './flow.ts'
import { failuresToLock, oldPassword, sessionsPerUser } from './functions.ts'
import { type Case, password } from './world.ts'

const wrong = 'another horse, no battery'
// PBKDF2 as Werkzeug keeps it, of one round.
const imported = 'pbkdf2:sha256:1$ppY4RGhZmRh7Qxg6$87ee56889fcbcbb6494a945ec76b5f5d384535d084315ee6ab55209ab8daab2c'

const counts = ['UpdateItem address count', 'UpdateItem account count']
const look = ['GetItem identifier', 'GetItem epoch', 'GetItem account', 'Query password']
const session = ['Sign', 'PutItem session', 'Query session']
const lockedFor = (seconds: number) => `429 too_many_requests with error,error_description, Retry-After ${seconds}`
const refused = '400 invalid_grant with error,error_description'

async function expectGoodLogIn({ service, username, sub, clock }: Case): Promise<void> {
  clock.advance(1)
  expect(await service.logIn(username, password)).toMatchObject({ text: '200' })
  expect((await service.sessions.listSessions(sub)).sessions.length).toBeLessThanOrEqual(sessionsPerUser)
}

/** Guesses until nobody is let in. On a busy machine an attempt may find no answer, and then it may not count. */
async function lockOut({ service, username }: Case, more: object = {}): Promise<void> {
  for (let made = 0; made < 10 * failuresToLock; made++) {
    if ((await service.logIn(username, wrong, more)).text === lockedFor(30)) return
  }
}

/** While the account is locked for everyone else. */
async function expectKnown(case_: Case, device_token: string | undefined): Promise<void> {
  const { service, username, clock } = case_
  clock.advance(1)
  await lockOut(case_)
  expect(await service.logIn(username, password)).toMatchObject({ text: lockedFor(30) })
  expect(await service.logIn(username, password, { device_token })).toMatchObject({ text: '200' })
  clock.advance(31)
}

async function expectUnknown(case_: Case, device_token: string | undefined): Promise<void> {
  const { service, username, clock } = case_
  clock.advance(1)
  await lockOut(case_, { device_token })
  expect(await service.logIn(username, password, { device_token })).toMatchObject({ text: lockedFor(30) })
  clock.advance(31)
}

export const logInFlows: readonly Flow[] = [
  {
    name: 'a log-in',
    calls: [...counts, ...look, ...session, 'DeleteItem account count'],
    answer: '200',
    begin: async (case_) => {
      const { newUser, service, username, sub } = case_
      await newUser()
      return {
        act: ({ logIn }) => logIn(username, password),
        afterwards: async ({ text }) => {
          const { sessions } = await service.sessions.listSessions(sub)
          expect(sessions.length).toBeLessThanOrEqual(1)
          if (text === '200') expect(sessions).toHaveLength(1)
          await expectGoodLogIn(case_)
        },
      }
    },
  },
  {
    name: 'a log-in where the owner adds claims',
    calls: [...counts, ...look, 'GetItem account', 'Invoke claims', ...session, 'DeleteItem account count'],
    answer: '200',
    // Asked once: a person waits for it.
    repeated: { 'Invoke claims': unavailable },
    begin: async (case_) => {
      const { newUser, service, username, sub } = case_
      await newUser()
      return {
        act: ({ logInWithClaims }) => logInWithClaims(username, password),
        afterwards: async ({ text, json }) => {
          const { sessions } = await service.sessions.listSessions(sub)
          // Without the claims there is no token, and with every token the session has them.
          if (text === '200') expect(decodeJwt(json['access_token'] ?? '')).toMatchObject({ tenant: 't-1' })
          if (text === '200') expect(sessions).toHaveLength(1)
          for (const { claims } of sessions) expect(claims).toBe('{"tenant":"t-1"}')
          await expectGoodLogIn(case_)
        },
      }
    },
  },
  {
    name: 'a log-in that has its device remembered',
    calls: [...counts, ...look, ...session, 'PutItem device', 'DeleteItem account count'],
    answer: '200',
    begin: async (case_) => {
      await case_.newUser()
      return {
        act: ({ logIn }) => logIn(case_.username, password, { remember_device: true }),
        afterwards: async ({ text, json }) => {
          if (text === '200') await expectKnown(case_, json['device_token'])
          await expectGoodLogIn(case_)
        },
      }
    },
  },
  {
    name: 'a log-in from a known device',
    calls: ['UpdateItem address count', 'UpdateItem device', ...look, ...session, 'UpdateItem device'],
    answer: '200',
    begin: async (case_) => {
      await case_.newUser()
      const { json } = await case_.service.logIn(case_.username, password, { remember_device: true })
      const device_token = json['device_token']
      return {
        act: ({ logIn }) => logIn(case_.username, password, { device_token }),
        afterwards: async () => expectKnown(case_, device_token),
      }
    },
  },
  {
    name: 'a log-in from a device that was known until the sessions were ended',
    calls: [
      ...['UpdateItem address count', 'UpdateItem device', 'UpdateItem account count', 'DeleteItem device'],
      ...[...look, ...session, 'DeleteItem account count'],
    ],
    answer: '200',
    begin: async (case_) => {
      const { newUser, service, username } = case_
      await newUser()
      const { json } = await service.logIn(username, password, { remember_device: true })
      const device_token = json['device_token']
      await service.admin('revoke-sessions', { username })
      return {
        act: ({ logIn }) => logIn(username, password, { device_token }),
        afterwards: async () => expectUnknown(case_, device_token),
      }
    },
  },
  {
    name: 'a log-in beyond the most sessions',
    calls: [...counts, ...look, ...session, 'DeleteItem session', 'DeleteItem account count'],
    answer: '200',
    begin: async (case_) => {
      const { newUser, service, username, clock } = case_
      await newUser()
      for (let made = 0; made < sessionsPerUser; made++) {
        await service.logIn(username, password)
        clock.advance(1)
      }
      return {
        act: ({ logIn }) => logIn(username, password),
        afterwards: async () => {
          clock.advance(1)
          await expectGoodLogIn(case_)
        },
      }
    },
  },
  {
    name: 'the first log-in of an imported account',
    calls: [...counts, ...look, ...session, 'DeleteItem account count', 'UpdateItem password'],
    answer: '200',
    begin: async (case_) => {
      await case_.newUser(imported)
      return {
        act: ({ logIn }) => logIn(case_.username, password),
        afterwards: async () => {
          await expectGoodLogIn(case_)
          const user = await case_.service.users.findUser(case_.username)
          expect(user?.passwordHash).toMatch(/^\$argon2id\$/)
          await expectGoodLogIn(case_)
        },
      }
    },
  },
  {
    name: 'the first log-in of someone from the old system',
    calls: [...counts, ...look, 'TransactWriteItems', ...look, ...session, 'DeleteItem account count'],
    answer: '200',
    begin: async ({ service, username }) => ({
      act: ({ logInFromOldSystem }) => logInFromOldSystem(username, oldPassword),
      afterwards: async () => {
        // There is no account, or it is whole, and either way the next log-in is good.
        const user = await service.users.findUser(username)
        if (user) expect(user).toMatchObject({ scope: [], disabled: false, passwordHash: expect.stringMatching(/^\$/) })
        expect(await service.logInFromOldSystem(username, oldPassword)).toMatchObject({ text: '200' })
        expect(await service.logIn(username, oldPassword)).toMatchObject({ text: '200' })
        if (user) expect(await service.users.findUser(username)).toMatchObject({ sub: user.sub })
      },
    }),
  },
  {
    name: 'a guess',
    calls: [...counts, ...look],
    answer: refused,
    begin: async (case_) => {
      const { newUser, service, username, failures } = case_
      await newUser()
      return {
        act: ({ logIn }) => logIn(username, wrong),
        afterwards: async ({ text }) => {
          const counted = await failures()
          // Nobody learns whether it was right without its being counted (REQ-21).
          if (text === refused) expect(counted).toBeGreaterThanOrEqual(1)
          expect(await service.logIn(username, wrong)).toMatchObject({ text: refused })
          expect(await failures()).toBe(counted + 1)
          if (counted + 1 < failuresToLock) await expectGoodLogIn(case_)
        },
      }
    },
  },
  {
    name: 'a guess that locks the account',
    calls: [...counts, ...look, 'Invoke mail'],
    answer: refused,
    harmless: ['Invoke mail'],
    // The first try locked it, and the second cannot know that it was its own.
    repeated: { 'UpdateItem account count': lockedFor(30) },
    begin: async (case_) => {
      const { newUser, service, username, clock, failures } = case_
      await newUser()
      for (let made = 1; made < failuresToLock; made++) await service.logIn(username, wrong)
      return {
        act: ({ logIn }) => logIn(username, wrong),
        afterwards: async ({ text }) => {
          if (text === refused) expect(await failures()).toBe(failuresToLock)
          clock.advance(31)
          await expectGoodLogIn(case_)
        },
      }
    },
  },
  {
    name: 'a log-in while the account is locked',
    calls: [...counts, 'GetItem identifier', 'GetItem epoch'],
    answer: lockedFor(30),
    begin: async (case_) => {
      const { newUser, service, username, clock, failures } = case_
      await newUser()
      for (let made = 0; made < failuresToLock; made++) await service.logIn(username, wrong)
      return {
        act: ({ logIn }) => logIn(username, password),
        afterwards: async () => {
          expect(await failures()).toBe(failuresToLock)
          expect(await service.logIn(username, password)).toMatchObject({ text: lockedFor(30) })
          clock.advance(31)
          await expectGoodLogIn(case_)
        },
      }
    },
  },
  {
    name: 'a guess after the long rest',
    calls: [...counts, 'UpdateItem account count', ...look],
    answer: refused,
    // The first try took the one place that there was, and the second cannot know that it was its own.
    repeated: { 'UpdateItem account count 2': lockedFor(1) },
    begin: async (case_) => {
      const { newUser, service, username, clock, failures, putFailures } = case_
      await newUser()
      await putFailures({ failures: 50, nextPause: 3600, lockedUntil: clock() + 1, admittedAt: clock() - 86_400 })
      return {
        act: ({ logIn }) => logIn(username, wrong),
        afterwards: async ({ text }) => {
          const counted = await failures()
          if (text === refused) expect(counted).toBe(1)
          else expect([1, 50]).toContain(counted)
          expect(await service.logIn(username, wrong)).toMatchObject({ text: refused })
          expect(await failures()).toBe(counted === 1 ? 2 : 1)
        },
      }
    },
  },
]
