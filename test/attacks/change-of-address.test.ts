import { afterAll, describe, expect, test } from '@jest/globals'
import { openMailService } from '../support/mail-service.ts'
import { isRefusal, judgeLog } from './attacked-stack.ts'
import { formBody, type HostileBody, hostileMembers, hostileTexts, hostileTypes, type Members } from './bodies.ts'
import { createSecrets } from './secrets.ts'

// Guesses are not counted, so that every attack is judged for itself.
const service = await openMailService({ addressFailures: '0', accountFailures: '0' })
const { url, post, admin, codeTo, mails, lines } = service
afterAll(() => service[Symbol.asyncDispose]())

const secrets = createSecrets()
const password = 'password 8c1f5e0d72ab'
secrets.keep('password', password)
let made = 0

async function setUp() {
  made += 1
  const [username, email] = [`user-${made}@example.net`, `free-${made}@example.net`]
  await admin({ command: 'create-user', username, password })
  const { json: tokens } = await post('/login', { username, password })
  for (const token of [tokens.access_token, tokens.refresh_token]) secrets.keepToken(token)
  const authorization = `Bearer ${tokens.access_token}`
  secrets.keep('address', username, email)
  return {
    email,
    send: (route: string, body: string | Buffer, contentType: string) => send(route, authorization, body, contentType),
    ask: async (): Promise<Members> => {
      const before = mails().filter(({ to }) => to === email).length
      const { json } = await post('/email', { email, password }, { authorization })
      const code = await codeTo(email, before + 1)
      secrets.keep('ticket', json.ticket)
      secrets.keep('code', code, code.replace(' ', ''))
      return { ticket: json.ticket, code }
    },
    isLoggedIn: async () => (await fetch(`${url}/sessions`, { headers: { authorization } })).status === 200,
  }
}

async function send(route: string, authorization: string, body: string | Buffer, contentType: string) {
  const [method = '', path] = route.split(' ')
  const headers = { authorization, ...(contentType !== '' && { 'content-type': contentType }) }
  const response = await fetch(`${url}${path}`, { method, headers, body: new Uint8Array(Buffer.from(body)) })
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() }
}

const bodiesFor = (members: Members): readonly HostileBody[] => [
  ...hostileMembers(Object.keys(members)),
  ...hostileTexts,
  ...hostileTypes,
  formBody,
]

/** The hostile bodies that are not refused, or whose answer holds a secret. */
async function attack(route: string, members: Members, { send }: Awaited<ReturnType<typeof setUp>>) {
  const surprises: unknown[] = []
  for (const { name, make, contentType = 'application/json' } of bodiesFor(members)) {
    const answer = await send(route, make(members), contentType)
    const told = secrets.foundIn(answer.body)
    if (!isRefusal(answer) || told.length > 0) surprises.push([name, answer.status, answer.body, told])
  }
  return surprises
}

// REQ-7 to REQ-12, REQ-53, REQ-112, REQ-128, REQ-129, REQ-147
describe('hostile bodies are refused in one shape, repeat nothing, and change nothing', () => {
  test('POST /email', async () => {
    const user = await setUp()
    const before = mails().length

    expect(await attack('POST /email', { email: user.email, password }, user)).toEqual([])
    expect([mails().length, await user.isLoggedIn()]).toEqual([before, true])
    expect(await user.ask()).toMatchObject({ ticket: expect.stringMatching(/^[\w-]{43}$/) })
  })

  test('POST /email/confirm', async () => {
    const user = await setUp()

    expect(await attack('POST /email/confirm', await user.ask(), user)).toEqual([])
    expect(await user.isLoggedIn()).toBe(true)
    // Those with a ticket and something for a code were tries of it, so another is needed.
    const members = JSON.stringify(await user.ask())
    expect((await user.send('POST /email/confirm', members, 'application/json')).status).toBe(204)
  })
})

// REQ-122, REQ-123, REQ-131
test('all that was written meanwhile is JSON, tells of no fault and holds no secret', () => {
  const { lines: count, ...wrong } = judgeLog(lines.join('\n'), secrets)

  expect(wrong).toEqual({ strange: [], faults: [], leaks: [] })
  expect(count).toBeGreaterThan(100)
})
