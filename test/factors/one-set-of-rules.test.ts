import { afterAll, expect, test } from '@jest/globals'
import { countCalls } from '../support/count-calls.ts'
import { openTable } from '../support/table.ts'
import { list, newPasskey, setUpPages } from './pages.ts'

const table = await openTable()
afterAll(table.close)

type Service = Awaited<ReturnType<typeof setUpPages>>

/** The same acts by the JSON routes and on the pages; an act that is refused does nothing more. */
type Hands = {
  readonly setUpApp: (code?: string) => Promise<void>
  readonly addPasskey: (name?: string) => Promise<void>
  readonly removeApp: () => Promise<void>
  readonly removePasskey: (id: string) => Promise<void>
  readonly renewCodes: () => Promise<void>
}

/** What somebody does with a session that may change factors. */
async function byJson({ call, holder, logIn, clock }: Service, secret?: string): Promise<Hands> {
  const { json } = await logIn()
  clock.advance(30)
  const session = secret && (await call('POST /login', { ...authSessionOf(json), totp: holder.codeOf(secret) }))
  const token = String((session ? session.json : json)['access_token'])
  return {
    setUpApp: async (code) => {
      const begun = await call('POST /factors/totp', undefined, token)
      await call('POST /factors/totp/confirm', { code: code ?? holder.codeOf(String(begun.json['secret'])) }, token)
    },
    addPasskey: async (name) => {
      const begun = await call('POST /factors/passkeys', undefined, token)
      const credential = newPasskey().create(begun.json['options'] as never)
      await call('POST /factors/passkeys/confirm', { credential, ...(name !== undefined && { name }) }, token)
    },
    removeApp: async () => void (await call('DELETE /factors/totp', undefined, token)),
    removePasskey: async (id) => void (await call('DELETE /factors/passkeys/{id}', undefined, token, id)),
    renewCodes: async () => void (await call('POST /factors/recovery-codes', undefined, token)),
  }
}

const authSessionOf = ({ auth_session }: Readonly<Record<string, unknown>>) => ({ auth_session })

async function byPages({ browser, open, holder, prove, clock, factors }: Service, secret?: string): Promise<Hands> {
  const asked = await open()
  clock.advance(30)
  const { fields } = secret ? await prove(asked, secret) : asked
  const account = fields['account'] ?? ''
  const post = async (path: string, more: Readonly<Record<string, string>> = {}) => {
    const { version } = (await factors.findCredentials(account)).factors
    return browser.go('POST', `${list}/${path}`, { account, version: String(version), ...more })
  }
  return {
    setUpApp: async (code) => {
      const begun = await post('totp')
      const key = begun.fields['secret'] ?? ''
      // A page that is shown again reads what has begun once more.
      await post('totp/confirm', { code: code ?? holder.codeOf(key), ...(code === undefined && { secret: key }) })
    },
    addPasskey: async (name) => {
      const { json } = await browser.send('/account/passkeys/options', { account })
      const credential = newPasskey().create(json['options'] as never)
      await browser.send('/account/passkeys', { account, credential, ...(name !== undefined && { name }) })
    },
    removeApp: async () => void (await post('totp/remove')),
    removePasskey: async (id) => void (await post('passkeys/remove', { id })),
    renewCodes: async () => void (await post('recovery-codes')),
  }
}

type Walk = {
  readonly name: string
  readonly policy?: 'required'
  /** Whether there is an app before. */
  readonly hasApp?: boolean
  readonly act: (hands: Hands, service: Service) => Promise<void>
}

const idsOf = async ({ factors, account }: Service) =>
  (await factors.findCredentials(account.sub)).factors.passkeys.map(({ id }) => id)

const walks: readonly Walk[] = [
  { name: 'a first app', act: ({ setUpApp }) => setUpApp() },
  { name: 'a wrong code', act: ({ setUpApp }) => setUpApp('000000') },
  { name: 'a first app, and then a passkey by the password alone', act: (hands) => both(hands) },
  { name: 'another app', hasApp: true, act: ({ setUpApp }) => setUpApp() },
  { name: 'a first passkey', act: ({ addPasskey }) => addPasskey('Laptop') },
  { name: 'a passkey without a name, beside an app', hasApp: true, act: ({ addPasskey }) => addPasskey() },
  { name: 'a passkey with a name that is none', act: ({ addPasskey }) => addPasskey('a\nb') },
  { name: 'the removal of the app, which is the last', hasApp: true, act: ({ removeApp }) => removeApp() },
  {
    name: 'the removal of the last factor where one is required',
    policy: 'required',
    hasApp: true,
    act: ({ removeApp }) => removeApp(),
  },
  { name: 'the removal of an app that is not there', act: ({ removeApp }) => removeApp() },
  { name: 'the removal of a passkey of somebody else', hasApp: true, act: ({ removePasskey }) => removePasskey('x') },
  {
    name: 'a passkey, and its removal',
    hasApp: true,
    act: async ({ addPasskey, removePasskey }, service) => {
      await addPasskey('Phone')
      const [id = ''] = await idsOf(service)
      await removePasskey(id)
    },
  },
  { name: 'new recovery codes', hasApp: true, act: ({ renewCodes }) => renewCodes() },
  { name: 'new recovery codes without a factor', act: ({ renewCodes }) => renewCodes() },
]

async function both({ setUpApp, addPasskey }: Hands): Promise<void> {
  await setUpApp()
  await addPasskey('Laptop').catch(() => undefined)
}

// DESIGN 18, REQ-175
test.each(walks)('$name is stored, mailed and logged on the pages as by the JSON routes', async (walk) => {
  const walkBy = async (take: (service: Service, secret?: string) => Promise<Hands>) => {
    const service = await setUpPages(table, walk.policy && { policy: walk.policy })
    const { holder, account, factors, notices, logged } = service
    const secret = walk.hasApp && (walk.policy ? await holder.enrolByLogIn() : await holder.enrolTotp()).secret
    service.clock.advance(30)
    const hands = await take(service, secret || undefined)
    const before = { lines: logged().length, notices: notices.length, time: service.clock() }
    const calls = countCalls(table.client)
    await walk.act(hands, service)
    const writes = calls.filter((name) => !/^(GetItem|Query)/.test(name))

    const { totp, passkeys, recoveryCodes, version } = (await factors.findCredentials(account.sub)).factors
    return {
      stored: {
        ...{ version, codes: recoveryCodes.length, names: passkeys.map(({ name }) => name) },
        app: totp && totp.createdAt - Math.floor(before.time),
      },
      writes,
      told: notices
        .slice(before.notices)
        .map((notice) => ({ ...notice, sub: 'sub' in notice && notice.sub === account.sub })),
      logged: logged()
        .slice(before.lines)
        .map(({ event, outcome, reason, sub }) => ({ event, outcome, reason, isOwner: sub === account.sub })),
    }
  }

  const [byRoutes, onPages] = [await walkBy(byJson), await walkBy(byPages)]
  expect(byRoutes.logged.length).toBeGreaterThan(0)
  expect(onPages).toEqual(byRoutes)
})

// REQ-177
test.each([
  ['right', undefined],
  ['wrong', '000000'],
])('a %s code for the app that a log-in waits for is judged alike', async (_, wrong) => {
  const walkBy = async (by: 'json' | 'pages') => {
    const service = await setUpPages(table, { policy: 'required' })
    const { browser, open, call, logIn, holder, factors, account, notices, logged } = service
    const before = async () => (by === 'pages' ? (await open()).fields : authSessionOf((await logIn()).json))
    const fields = await before()
    const lines = logged().length
    if (by === 'pages') {
      const begun = await browser.go('POST', '/sign-in/enrol/totp', fields as never)
      const code = wrong ?? holder.codeOf(begun.fields['secret'] ?? '')
      await browser.go('POST', '/sign-in/enrol/totp/confirm', { ...begun.fields, code })
    } else {
      const begun = await call('POST /factors/totp', fields)
      const code = wrong ?? holder.codeOf(String(begun.json['secret']))
      await call('POST /factors/totp/confirm', { ...fields, code })
    }
    const { totp, recoveryCodes, version } = (await factors.findCredentials(account.sub)).factors
    return {
      ...{ version, codes: recoveryCodes.length, createdAt: totp?.createdAt },
      told: notices.map(({ kind, ...notice }) => [kind, 'sub' in notice && notice.sub === account.sub]),
      logged: logged()
        .slice(lines)
        .map(({ event, outcome, reason, sub }) => ({ event, outcome, reason, isOwner: sub === account.sub })),
    }
  }

  const [byRoutes, onPages] = [await walkBy('json'), await walkBy('pages')]
  expect(byRoutes.logged.map(({ event }) => event)).toEqual([
    'factor_enrol_begin',
    wrong ? 'factor_fail' : 'factor_enrol',
  ])
  expect(onPages).toEqual(byRoutes)
})
