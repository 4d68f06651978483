import { expect } from '@jest/globals'
import { decodeJwt } from 'jose'
import { type Flow, failed, unavailable } from './flow.ts'
import { type Case, password } from './world.ts'

const refused = '400 invalid_grant with error,error_description'
const good = { text: '200' }
const ended = { text: refused }

/** A user who has logged in, so many times. */
async function logIn({ newUser, service, username, clock }: Case, times = 1) {
  await newUser()
  const sessions = []
  for (let made = 0; made < times; made++) {
    const { json } = await service.logIn(username, password)
    const { access_token: accessToken = '', refresh_token: refreshToken = '' } = json
    sessions.push({ accessToken, refreshToken, id: String(decodeJwt(accessToken)['sid']) })
    clock.advance(1)
  }
  const [first = { accessToken: '', refreshToken: '', id: '' }, second = first] = sessions
  return [first, second] as const
}

const refreshing: readonly Flow[] = [
  {
    name: 'a refresh',
    calls: ['GetItem session', 'GetItem account', 'Sign', 'UpdateItem session', 'GetItem epoch'],
    answer: '200',
    begin: async (case_) => {
      const [{ refreshToken }] = await logIn(case_)
      const { refresh } = case_.service
      return {
        act: (service) => service.refresh(refreshToken),
        afterwards: async ({ text, json }) => {
          const again = await refresh(refreshToken)
          expect(again).toMatchObject(good)
          // One successor, whoever asks how often (REQ-83).
          if (text === '200') expect(again.json['refresh_token']).toBe(json['refresh_token'])
          expect((await refresh(refreshToken)).json['refresh_token']).toBe(again.json['refresh_token'])
          expect(await refresh(again.json['refresh_token'])).toMatchObject(good)
        },
      }
    },
  },
  {
    name: 'a refresh where the owner adds claims',
    calls: [
      ...['GetItem session', 'GetItem account', 'GetItem account', 'Invoke claims'],
      ...['Sign', 'UpdateItem session', 'GetItem epoch'],
    ],
    answer: '200',
    repeated: { 'Invoke claims': unavailable },
    begin: async (case_) => {
      const [{ refreshToken }] = await logIn(case_)
      const { refresh } = case_.service
      return {
        act: (service) => service.refreshWithClaims(refreshToken),
        afterwards: async ({ text, json }) => {
          if (text === '200') expect(decodeJwt(json['access_token'] ?? '')).toMatchObject({ tenant: 't-1' })
          // Whatever the hook did, the token is as good as before.
          const again = await refresh(refreshToken)
          expect(again).toMatchObject(good)
          if (text === '200') expect(again.json['refresh_token']).toBe(json['refresh_token'])
        },
      }
    },
  },
  {
    name: 'a late retry of a refresh',
    calls: ['GetItem session', 'GetItem account', 'Sign', 'UpdateItem session', 'GetItem epoch'],
    answer: '200',
    begin: async (case_) => {
      const [{ refreshToken }] = await logIn(case_)
      const { refresh } = case_.service
      const successor = (await refresh(refreshToken)).json['refresh_token']
      case_.clock.advance(3)
      return {
        act: (service) => service.refresh(refreshToken),
        afterwards: async ({ text, json }) => {
          if (text === '200') expect(json['refresh_token']).toBe(successor)
          expect(await refresh(successor)).toMatchObject(good)
        },
      }
    },
  },
  {
    name: 'a refresh with a token used before',
    calls: ['GetItem session', 'GetItem account', 'DeleteItem session', 'Invoke mail'],
    answer: refused,
    harmless: ['Invoke mail'],
    begin: async (case_) => {
      const [{ refreshToken }] = await logIn(case_)
      const { refresh } = case_.service
      const successor = (await refresh(refreshToken)).json['refresh_token']
      case_.clock.advance(11)
      return {
        act: (service) => service.refresh(refreshToken),
        afterwards: async () => {
          expect(await refresh(refreshToken)).toMatchObject(ended)
          expect(await refresh(successor)).toMatchObject(ended)
        },
      }
    },
  },
]

const ending: readonly Flow[] = [
  {
    name: 'a log-out',
    calls: ['GetItem session', 'DeleteItem session'],
    answer: '200',
    begin: async (case_) => {
      const [{ refreshToken }] = await logIn(case_)
      const { revoke, refresh } = case_.service
      return {
        act: (service) => service.revoke(refreshToken),
        afterwards: async () => {
          expect(await revoke(refreshToken)).toMatchObject(good)
          expect(await refresh(refreshToken)).toMatchObject(ended)
        },
      }
    },
  },
  {
    name: 'the list of sessions',
    calls: ['Query session'],
    answer: '200',
    begin: async (case_) => {
      const [{ accessToken }] = await logIn(case_, 2)
      return {
        act: (service) => service.own('GET /sessions', accessToken),
        afterwards: async () => {
          const { json } = await case_.service.own('GET /sessions', accessToken)
          expect(json['sessions']).toHaveLength(2)
        },
      }
    },
  },
  {
    name: 'the end of one session',
    calls: ['Query session', 'DeleteItem session'],
    answer: '204',
    // The second try finds it gone, and cannot know who ended it.
    repeated: { 'DeleteItem session': '404 not_found with error,error_description' },
    begin: async (case_) => {
      const [mine, other] = await logIn(case_, 2)
      const { own, refresh } = case_.service
      return {
        act: (service) => service.own('DELETE /sessions/{id}', mine.accessToken, other.id),
        afterwards: async () => {
          expect((await own('DELETE /sessions/{id}', mine.accessToken, other.id)).text).toMatch(/^(204|404 not_found)/)
          expect(await refresh(other.refreshToken)).toMatchObject(ended)
          expect(await refresh(mine.refreshToken)).toMatchObject(good)
        },
      }
    },
  },
  {
    name: 'the end of all sessions',
    calls: ['Query session', 'UpdateItem epoch', 'Query session', 'DeleteItem session', 'DeleteItem session'],
    answer: '204',
    begin: async (case_) => {
      const sessions = await logIn(case_, 2)
      const [{ accessToken }] = sessions
      const { service, username, sub } = case_
      return {
        act: ({ own }) => own('DELETE /sessions', accessToken),
        afterwards: async () => {
          // All together or none: what the mark has ended is over, whatever became of the rest.
          const user = await service.users.findUser(username)
          if (user?.epoch)
            for (const each of sessions) expect(await service.refresh(each.refreshToken)).toMatchObject(ended)
          // A client tries again until it is told that its session has ended: by then nothing is left.
          expect((await service.own('DELETE /sessions', accessToken)).text).toMatch(/^(204|401 invalid_token)/)
          expect((await service.sessions.listSessions(sub)).sessions).toEqual([])
          expect(await service.logIn(username, password)).toMatchObject(good)
        },
      }
    },
  },
]

// REQ-75
const authorizing: readonly Flow[] = [
  {
    name: 'the authorizer, with a session that is alive',
    calls: ['GetItem session'],
    answer: 'allowed',
    failure: failed,
    begin: async (case_) => {
      const [{ accessToken }] = await logIn(case_)
      return {
        act: ({ authorize }) => authorize(accessToken),
        afterwards: async () => {
          expect(await case_.service.authorize(accessToken)).toMatchObject({ text: 'allowed' })
        },
      }
    },
  },
  {
    name: 'the authorizer, with a session that has ended',
    calls: ['GetItem session', 'GetItem session'],
    answer: 'denied',
    failure: failed,
    begin: async (case_) => {
      const [{ accessToken, refreshToken }] = await logIn(case_)
      await case_.service.revoke(refreshToken)
      return {
        act: ({ authorize }) => authorize(accessToken),
        afterwards: async () => {
          expect(await case_.service.authorize(accessToken)).toMatchObject({ text: 'denied' })
        },
      }
    },
  },
]

export const sessionFlows: readonly Flow[] = [...refreshing, ...ending, ...authorizing]
