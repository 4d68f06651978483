import { afterAll, expect, test } from '@jest/globals'
import { createMailedPages } from '../support/builders/mailed-pages.ts'
import { openBrowser } from '../support/builders/oauth-browser.ts'
import { countCalls } from '../support/count-calls.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const calls = countCalls(table.client)

const password = 'correct horse battery staple'
const deviceToken = 'd'.repeat(43)
const headers = { 'accept-language': 'fr-CH, de;q=0.5' }
let made = 0

type Members = Readonly<Record<string, string>>

/** What somebody sends, by the names that the JSON routes have; `{me}` is another name in each walk. */
type Step =
  | { readonly to: 'register' | 'recover'; readonly members: Members }
  /** Without `code` it is the one that was mailed. */
  | { readonly to: 'confirm'; readonly members: Members; readonly times?: number }

type Flow = {
  readonly withMail?: boolean
  readonly addressFailures?: number
  /** Whether the account of the name is there already. */
  readonly isTaken?: boolean
  readonly steps: readonly Step[]
}

const paths = {
  register: { json: '/register', page: '/sign-up' },
  recover: { json: '/recover', page: '/forgot' },
} as const

/** The fields of the pages are called like the members, but for the new password. */
const fieldsOf = ({ new_password: next, device_token: _, ...members }: Members): Members => ({
  ...members,
  ...(next !== undefined && { password: next }),
})

async function walk(flow: Flow, by: 'json' | 'page') {
  made += 1
  const me = `walker-${made}`
  const source = `198.51.100.${made}`
  const service = createMailedPages(table, { ...flow, source })
  const browser = openBrowser(service)
  browser.jar.set('__Host-latchkey-device', deviceToken)
  if (flow.isTaken) await service.putAccount(`sub-${me}`, [me, `${me}@example.com`], 'the former password of mine')
  let about: 'register' | 'recover' = 'register'
  let ticket = ''
  const seen: object[] = []

  const send = async (path: string, members: Members) => {
    const before = calls.length
    const { status = 0, text } =
      by === 'page'
        ? await browser.go('POST', path, fieldsOf(members), headers)
        : await service.call(`POST ${path}`, { json: { ...members, ...(ticket && { ticket }) }, headers })
    if (by === 'json' && status === 202) ticket = JSON.parse(text).ticket
    seen.push({ isDone: status < 400, isLimited: status === 429, calls: calls.slice(before) })
  }

  for (const step of flow.steps) {
    const members = Object.fromEntries(
      Object.entries(step.members).map(([name, value]) => [name, value.replaceAll('{me}', me)]),
    )
    if (step.to === 'confirm') {
      const code = members['code'] ?? (await service.mailCode())
      // A second press of a button sends what the first one sent.
      const jar = [...browser.jar]
      for (let time = 0; time < (step.times ?? 1); time += 1) {
        for (const [name, value] of jar) browser.jar.set(name, value)
        await send(`${paths[about][by]}/confirm`, { ...members, code })
      }
    } else {
      about = step.to
      ticket = ''
      await send(paths[about][by], members)
    }
  }

  const sub = await service.stores.accounts.findSubject(me)
  const account = sub === undefined ? undefined : await service.stores.accounts.findAccount(sub)
  const withoutNames = (value: unknown) =>
    JSON.parse(
      JSON.stringify(value ?? null)
        .replaceAll(me, '{me}')
        .replaceAll(source, '{source}')
        .replaceAll(sub ?? me, '{sub}'),
      (key, member) =>
        ['id', 'codeKey'].includes(key) || (key === 'sub' && member !== '{sub}') ? 'another each time' : member,
    )
  return withoutNames({
    seen,
    lines: service.logged().map(({ status: _, ...line }) => line),
    asked: service.asked,
    notices: service.notices,
    hashed: service.hashed,
    account,
    epoch: sub === undefined ? 0 : (await service.stores.sessions.listSessions(sub)).epoch,
    isNewPassword: sub !== undefined && (await service.isPassword(sub, password)),
  })
}

const register = { username: '{me}', email: '{me}@example.com', password }
const asks = (members: Members = {}): Step => ({ to: 'register', members: { ...register, ...members } })
const recovers: Step = { to: 'recover', members: { username: '{me}', device_token: deviceToken } }
const sets = (members: Members = {}): Step => ({ to: 'confirm', members: { new_password: password, ...members } })

// REQ-163, DESIGN 18
test.each<[string, Flow]>([
  [
    'a registration without mail',
    { withMail: false, steps: [{ to: 'register', members: { username: '{me}', password } }] },
  ],
  [
    'one with a name that is taken',
    { withMail: false, isTaken: true, steps: [{ to: 'register', members: { username: '{me}', password } }] },
  ],
  ['a registration with mail', { steps: [asks(), { to: 'confirm', members: {} }] }],
  ['one with a name that is no name', { steps: [asks({ username: 'a\u200bb' })] }],
  ['one with an address as the name', { steps: [asks({ username: 'ada@example.com' })] }],
  ['one with an address that cannot be mailed', { steps: [asks({ email: 'ada@localhost' })] }],
  ['one with a password that is refused', { steps: [asks({ password: 'short' })] }],
  [
    'one with wrong codes, then the right one',
    { steps: [asks(), { to: 'confirm', members: { code: '00000000' }, times: 4 }, { to: 'confirm', members: {} }] },
  ],
  [
    'one with too many wrong codes',
    { steps: [asks(), { to: 'confirm', members: { code: '00000000' }, times: 6 }, { to: 'confirm', members: {} }] },
  ],
  [
    'one whose name is taken meanwhile, with another name',
    {
      isTaken: true,
      steps: [
        asks({ email: '{me}-too@example.com' }),
        { to: 'confirm', members: {} },
        { to: 'confirm', members: { username: '{me}-too' } },
      ],
    },
  ],
  [
    'one whose other name is an address',
    { steps: [asks(), { to: 'confirm', members: { username: 'ada@example.com' } }] },
  ],
  ['one whose other name is the password', { steps: [asks(), { to: 'confirm', members: { username: password } }] }],
  [
    'registrations up to the limit of an address',
    { addressFailures: 2, steps: [asks(), { to: 'confirm', members: { code: '00000000' }, times: 3 }, asks()] },
  ],
  ['a recovery', { isTaken: true, steps: [recovers, sets()] }],
  ['one of an unknown name', { steps: [recovers, sets({ code: '00000000' })] }],
  ['one of a name that is none', { steps: [{ to: 'recover', members: { username: 'a\u200bb' } }] }],
  [
    'one with a password that is refused, then another',
    { isTaken: true, steps: [recovers, sets({ new_password: '{me}@example.com' }), sets()] },
  ],
  [
    'one with wrong codes, then the right one',
    { isTaken: true, steps: [recovers, { ...sets({ code: '00000000' }), times: 4 } as Step, sets()] },
  ],
  ['one with a code that is used twice', { isTaken: true, steps: [recovers, { ...sets(), times: 2 } as Step] }],
  [
    'recoveries up to the limit of an address',
    {
      addressFailures: 2,
      isTaken: true,
      steps: [recovers, { ...sets({ code: '00000000' }), times: 3 } as Step, recovers],
    },
  ],
])('%s stores, calls, mails and logs the same by JSON and by pages', async (_, flow) => {
  const byJson = await walk(flow, 'json')

  expect(await walk(flow, 'page')).toEqual(byJson)
})
