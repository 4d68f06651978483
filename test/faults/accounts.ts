import { expect } from '@jest/globals'
import type { Password } from '../../functions/domain/passwords/password.ts'
import { cheapHasher } from '../support/fakes/cheap-hasher.ts'
import { type Flow, failed, unavailable } from './flow.ts'
import { type Case, password } from './world.ts'

const next = 'a better battery of horses'
const refused = '400 invalid_grant with error,error_description'
const good = { text: '200' }
const ended = { text: refused }

async function logIn({ newUser, service, username }: Case) {
  await newUser()
  const { json } = await service.logIn(username, password)
  return { accessToken: json['access_token'] ?? '', refreshToken: json['refresh_token'] ?? '' }
}

/** Which of the passwords open the account. */
async function goodOnes({ service, username }: Case, ...passwords: readonly string[]): Promise<readonly string[]> {
  const user = await service.users.findUser(username)
  if (!user || user.disabled) return []
  const matches = passwords.map((each) => cheapHasher.verify(each as Password, user.passwordHash))
  const matched = await Promise.all(matches)
  return passwords.filter((_, index) => matched[index])
}

const addressFor = ({ username }: Case): string => `${username}@example.net`

const ofTheirOwn: readonly Flow[] = [
  {
    name: 'a registration',
    calls: ['UpdateItem address count', 'TransactWriteItems'],
    answer: '201',
    begin: async (case_) => {
      const { service, username } = case_
      return {
        act: ({ register }) => register(username, password),
        afterwards: async () => {
          // The name is free, or the account is whole.
          const [opens] = await goodOnes(case_, password)
          const again = await service.register(username, password)
          expect(again.text).toBe(opens ? '409 username_taken with error,error_description' : '201')
          expect(await service.logIn(username, password)).toMatchObject(good)
        },
      }
    },
  },
  {
    name: 'a registration by mail',
    calls: ['UpdateItem address count', 'UpdateItem code'],
    answer: '202',
    begin: async (case_) => {
      const { service, username } = case_
      const email = `${username}@example.com`
      return {
        act: ({ registerByMail }) => registerByMail(username, email, password),
        afterwards: async () => {
          // Nothing is held, whatever became of it.
          const { json } = await service.registerByMail(username, email, password)
          const code = await service.makeCode()
          expect(await service.confirmRegistration(json['ticket'], code)).toMatchObject({ text: '201' })
          expect(await service.logIn(username, password)).toMatchObject(good)
        },
      }
    },
  },
  {
    name: 'a confirmation of a registration',
    calls: ['UpdateItem address count', 'UpdateItem code', 'TransactWriteItems'],
    answer: '201',
    begin: async (case_) => {
      const { service, username } = case_
      const { json } = await service.registerByMail(username, `${username}@example.com`, password)
      const ticket = json['ticket']
      const code = await service.makeCode()
      return {
        act: ({ confirmRegistration }) => confirmRegistration(ticket, code),
        afterwards: async () => {
          // The code is good still, or the account is whole.
          const [opens] = await goodOnes(case_, password)
          expect(await service.confirmRegistration(ticket, code)).toMatchObject({ text: opens ? refused : '201' })
          expect(await service.logIn(username, password)).toMatchObject(good)
        },
      }
    },
  },
  {
    name: 'a change of the password',
    calls: [
      'GetItem session',
      'GetItem epoch',
      'GetItem account',
      'Query password',
      'UpdateItem address count',
      'UpdateItem account count',
      'DeleteItem account count',
      'TransactWriteItems',
      'Query session',
      'DeleteItem session',
      'Sign',
      'PutItem session',
      'Query session',
      'Invoke mail',
    ],
    answer: '200',
    harmless: ['Invoke mail'],
    begin: async (case_) => {
      const { service, username } = case_
      const { accessToken, refreshToken } = await logIn(case_)
      return {
        act: ({ changePassword }) => changePassword(accessToken, password, next),
        afterwards: async ({ text, json }) => {
          const opening = await goodOnes(case_, password, next)
          expect(opening).toHaveLength(1)
          if (text === '200') expect(await service.refresh(json['refresh_token'])).toMatchObject(good)
          if (opening[0] === password) {
            expect(text).not.toBe('200')
            expect(await service.changePassword(accessToken, password, next)).toMatchObject(good)
          }
          expect(await service.logIn(username, next)).toMatchObject(good)
          expect(await service.logIn(username, password)).toMatchObject(ended)
          expect(await service.refresh(refreshToken)).toMatchObject(ended)
        },
      }
    },
  },
  {
    name: 'a change of the password where the owner adds claims',
    calls: [
      ...['GetItem session', 'GetItem epoch', 'GetItem account', 'Query password'],
      ...['UpdateItem address count', 'UpdateItem account count', 'DeleteItem account count', 'TransactWriteItems'],
      ...['Query session', 'DeleteItem session', 'GetItem account', 'Invoke claims'],
      ...['Sign', 'PutItem session', 'Query session', 'Invoke mail'],
    ],
    answer: '200',
    harmless: ['Invoke mail'],
    repeated: { 'Invoke claims': unavailable },
    begin: async (case_) => {
      const { service } = case_
      const { accessToken, refreshToken } = await logIn(case_)
      return {
        act: ({ changePasswordWithClaims }) => changePasswordWithClaims(accessToken, password, next),
        afterwards: async ({ text, json }) => {
          const [opens, ...others] = await goodOnes(case_, password, next)
          expect(others).toEqual([])
          if (text === '200') expect(await service.refresh(json['refresh_token'])).toMatchObject(good)
          // With the new password the former session has ended, whether or not there was a new one.
          if (opens === next) expect(await service.refresh(refreshToken)).toMatchObject(ended)
        },
      }
    },
  },
  {
    name: 'the request to change the address',
    calls: [
      ...['GetItem session', 'GetItem epoch', 'GetItem account', 'Query password'],
      ...['UpdateItem address count', 'UpdateItem account count', 'DeleteItem account count', 'UpdateItem code'],
    ],
    answer: '202',
    begin: async (case_) => {
      const { service } = case_
      const { accessToken } = await logIn(case_)
      return {
        act: ({ changeAddress }) => changeAddress(accessToken, addressFor(case_), password),
        afterwards: async () => {
          expect(await service.changeAddress(accessToken, addressFor(case_), password)).toMatchObject({ text: '202' })
        },
      }
    },
  },
  {
    name: 'the confirmation of a change of the address',
    calls: ['GetItem session', 'GetItem epoch', 'UpdateItem code', 'GetItem account', 'TransactWriteItems'],
    answer: '204',
    begin: async (case_) => {
      const { service, sub, username } = case_
      const { accessToken } = await logIn(case_)
      const { codes } = service
      const { ticket, handle } = await codes.open('email', { sub, epoch: 0, address: addressFor(case_) })
      const code = (await codes.renewCode('email', handle, undefined)) ?? ''
      return {
        act: ({ confirmAddress }) => confirmAddress(accessToken, ticket, code),
        afterwards: async () => {
          // Where only the answer was lost, the code is used up.
          expect(['204', refused]).toContain((await service.confirmAddress(accessToken, ticket, code)).text)
          for (const identifier of [addressFor(case_), username])
            expect(await service.logIn(identifier, password)).toMatchObject(good)
        },
      }
    },
  },
]

const recovering: readonly Flow[] = [
  {
    name: 'a request for a recovery',
    calls: ['UpdateItem address count', 'UpdateItem code', 'Invoke mail'],
    answer: '202',
    // Asked once, because a second mail would follow the first.
    repeated: { 'Invoke mail': unavailable },
    begin: async ({ service, username }) => ({
      act: ({ recover }) => recover(username),
      afterwards: async () => expect(await service.recover(username)).toMatchObject({ text: '202' }),
    }),
  },
  {
    name: 'the confirmation of a recovery',
    calls: [
      ...['UpdateItem address count', 'UpdateItem code', 'GetItem account', 'TransactWriteItems'],
      ...['Query session', 'DeleteItem session', 'DeleteItem account count', 'DeleteItem account count', 'Invoke mail'],
    ],
    answer: '204',
    harmless: ['Invoke mail'],
    begin: async ({ service, username: name }) => {
      const username = `${name}@example.net`
      await service.admin('create-user', { username, password })
      const { json } = await service.logIn(username, password)
      const { ticket = '' } = (await service.recover(username)).json
      const code = await service.codeFor(ticket)
      return {
        act: ({ confirmRecovery }) => confirmRecovery(ticket, code, next),
        afterwards: async ({ text }) => {
          const again = await service.confirmRecovery(ticket, code, next)
          // The code is good until the password is changed, and never after that.
          expect(['204', refused]).toContain(again.text)
          if (text === '204') expect(again.text).toBe(refused)
          expect(await service.logIn(username, next)).toMatchObject(good)
          expect(await service.logIn(username, password)).toMatchObject(ended)
          expect(await service.refresh(json['refresh_token'])).toMatchObject(ended)
        },
      }
    },
  },
]

/** An admin command that can be given again, and what must hold then. */
const command = (
  name: string,
  calls: readonly string[],
  more: (case_: Case) => object,
  again: readonly string[],
  holds: (case_: Case, refreshToken: string) => Promise<void>,
): Flow => ({
  name: `the command ${name}`,
  calls,
  answer: 'ok',
  failure: failed,
  begin: async (case_) => {
    const { refreshToken } = await logIn(case_)
    return {
      act: ({ admin }) => admin(name, more(case_)),
      afterwards: async () => {
        expect(again).toContain((await case_.service.admin(name, more(case_))).text)
        await holds(case_, refreshToken)
      },
    }
  },
})

const byName = ({ username }: Case) => ({ username })
const isOver = async ({ service }: Case, refreshToken: string) =>
  expect(await service.refresh(refreshToken)).toMatchObject(ended)
const find = ['GetItem identifier', 'GetItem account']
const sweep = ['Query session', 'DeleteItem session']
const endings = [...find, 'TransactWriteItems', ...sweep]

const another = ({ username }: Case) => ({ username: `${username}-new`, password })
const foreign = ({ username }: Case) => ({
  users: [{ username: `${username}-new`, sub: `${username}-theirs`, password_hash: imported }],
})
const imported = 'pbkdf2:sha256:1$ppY4RGhZmRh7Qxg6$87ee56889fcbcbb6494a945ec76b5f5d384535d084315ee6ab55209ab8daab2c'

const update: Flow = {
  name: 'the command import-users with update',
  calls: ['TransactWriteItems', 'GetItem identifier', 'GetItem password', 'TransactWriteItems', 'Query session'],
  answer: 'ok',
  failure: failed,
  begin: async ({ service, username: name }) => {
    const username = `${name}-imported`
    const before = imported.replace('ppY4RGhZmRh7Qxg6', 'anotherSalt12345')
    await service.admin('import-users', { users: [{ username, password_hash: before }] })
    const more = { users: [{ username, password_hash: imported }], update: true }
    return {
      act: ({ admin }) => admin('import-users', more),
      afterwards: async () => {
        expect(await service.admin('import-users', more)).toMatchObject({ text: 'ok' })
        expect(await service.logIn(username, password)).toMatchObject(good)
      },
    }
  },
}

const byAdmin: readonly Flow[] = [
  update,
  command('create-user', ['TransactWriteItems'], another, ['ok', 'username_taken'], async (case_) => {
    expect(await case_.service.logIn(another(case_).username, password)).toMatchObject(good)
  }),
  command('show-user', [...find, 'Query password'], byName, ['ok'], async () => undefined),
  command('disable-user', endings, byName, ['ok'], async (case_, refreshToken) => {
    await isOver(case_, refreshToken)
    expect(await goodOnes(case_, password)).toEqual([])
  }),
  command('enable-user', ['GetItem identifier', 'UpdateItem account'], byName, ['ok'], async (case_) => {
    expect(await goodOnes(case_, password)).toEqual([password])
  }),
  command(
    'set-scopes',
    [...find, 'UpdateItem account'],
    ({ username }) => ({ username, scope: 'b' }),
    ['ok'],
    async ({ service, username }) => {
      expect(await service.users.findUser(username)).toMatchObject({ scope: ['b'] })
    },
  ),
  command(
    'set-groups',
    [...find, 'UpdateItem account'],
    ({ username }) => ({ username, groups: 'admin' }),
    ['ok'],
    async ({ service, username }) => {
      expect(await service.users.findUser(username)).toMatchObject({ groups: ['admin'] })
    },
  ),
  command(
    'set-password',
    [...endings, 'DeleteItem account count', 'DeleteItem account count'],
    ({ username }) => ({ username, password: next }),
    ['ok'],
    async (case_, refreshToken) => {
      expect(await goodOnes(case_, password, next)).toEqual([next])
      await isOver(case_, refreshToken)
    },
  ),
  command('revoke-sessions', [...find, 'UpdateItem epoch', ...sweep], byName, ['ok'], isOver),
  command(
    'delete-user',
    [...endings, 'Query password', 'TransactWriteItems', 'Query session', 'Query consent', 'GetItem API keys'],
    byName,
    ['ok', 'unknown_user'],
    async (case_, refreshToken) => {
      await isOver(case_, refreshToken)
      expect(await goodOnes(case_, password)).toEqual([])
      expect(await case_.service.register(case_.username, password)).toMatchObject({ text: '201' })
    },
  ),
  command('import-users', ['TransactWriteItems'], foreign, ['ok'], async ({ service, username }) => {
    expect(await service.users.findUser(`${username}-new`)).toMatchObject({ sub: `${username}-theirs` })
    expect(await service.logIn(`${username}-new`, password)).toMatchObject(good)
  }),
  command(
    'rename-user',
    [...find, 'TransactWriteItems'],
    ({ username }) => ({ username, new_username: `${username} again` }),
    ['ok', 'unknown_user'],
    async (case_, refreshToken) => {
      expect(await case_.service.logIn(`${case_.username} again`, password)).toMatchObject(good)
      expect(await case_.service.refresh(refreshToken)).toMatchObject(good)
    },
  ),
  command(
    'set-email',
    [...find, 'TransactWriteItems'],
    (case_) => ({ username: case_.username, email: addressFor(case_) }),
    ['ok'],
    async (case_, refreshToken) => {
      expect(await case_.service.logIn(addressFor(case_), password)).toMatchObject(good)
      expect(await case_.service.refresh(refreshToken)).toMatchObject(good)
    },
  ),
  command(
    'list-users',
    [...Array.from({ length: 16 }, () => 'Query directory'), 'GetItem account'],
    ({ username }) => ({ prefix: username, limit: 1 }),
    ['ok'],
    async () => undefined,
  ),
]

const deploying: Flow = {
  name: 'the custom resource of the keys',
  calls: ['GetPublicKey'],
  answer: 'SUCCESS',
  failure: 'FAILED: AWS did not answer in time.',
  begin: async ({ service }) => ({
    act: ({ deployKeys }) => deployKeys(),
    afterwards: async () => expect(await service.deployKeys()).toMatchObject({ text: 'SUCCESS' }),
  }),
}

export const accountFlows: readonly Flow[] = [...ofTheirOwn, ...recovering, ...byAdmin, deploying]
