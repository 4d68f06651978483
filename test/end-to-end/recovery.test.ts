import { afterAll, describe, expect, test } from '@jest/globals'
import { openMailService } from '../support/mail-service.ts'

const service = await openMailService()
const { post, admin, mailTo, codeTo, mails, lines } = service
afterAll(() => service[Symbol.asyncDispose]())

const password = 'correct horse battery staple'
const next = 'a better battery of horses'
let made = 0

/** Someone with an address, whom an administrator has created. */
async function create() {
  made += 1
  const username = `user-${made}@example.net`
  await admin({ command: 'create-user', username, password })
  return username
}

async function ask(username: string, headers: Readonly<Record<string, string>> = {}) {
  const { status, json } = await post('/recover', { username }, headers)
  return { status, ticket: json.ticket as string }
}

const confirm = (ticket: string, code: string, new_password = next) =>
  post('/recover/confirm', { ticket, code, new_password })

const wrongCode = { status: 400, json: { error: 'invalid_grant' } }

describe('a person who has forgotten the password', () => {
  // REQ-104, REQ-109, REQ-166
  test('gets a code by mail and chooses a new password, which ends all sessions and logs nobody in', async () => {
    const username = await create()
    const before = (await post('/login', { username, password })).json
    const { status, ticket } = await ask(` ${username.toUpperCase()} `)
    const mail = await mailTo(username)
    const confirmed = await confirm(ticket, await codeTo(username))

    expect([status, ticket]).toEqual([202, expect.stringMatching(/^[\w-]{43}$/)])
    expect(mail.subject).toBe('Shop: your code for a new password')
    expect(confirmed).toMatchObject({ status: 204, json: undefined })
    const { refresh_token } = before
    expect(await post('/token', { grant_type: 'refresh_token', refresh_token })).toMatchObject({ status: 400 })
    expect(await post('/login', { username, password })).toMatchObject({ status: 400 })
    expect(await post('/login', { username, password: next })).toMatchObject({ status: 200 })
    expect((await mailTo(username, 2)).subject).toBe('Shop: your password was changed')
  })

  // REQ-166
  test('has no API keys any more', async () => {
    const username = await create()
    const { access_token: token } = (await post('/login', { username, password })).json
    const { key } = (await post('/api-keys', { name: 'a script' }, { authorization: `Bearer ${token}` })).json
    const exchange = () => post('/token', { grant_type: 'client_credentials', client_secret: key })
    expect(await exchange()).toMatchObject({ status: 200 })
    const { ticket } = await ask(username)
    expect(await confirm(ticket, await codeTo(username))).toMatchObject({ status: 204 })

    expect(await exchange()).toMatchObject({ status: 401, json: { error: 'invalid_client' } })
  })

  test('may type the code with a dash, and keeps it when the new password is refused', async () => {
    const username = await create()
    const { ticket } = await ask(username)
    const code = (await codeTo(username)).replace(' ', '-')

    expect(await confirm(ticket, code, 'short')).toMatchObject({ status: 400, json: { error: 'invalid_request' } })
    expect(await confirm(ticket, code, username)).toMatchObject({ status: 400, json: { error: 'invalid_request' } })
    expect(await confirm(ticket, code)).toMatchObject({ status: 204 })
    expect(await confirm(ticket, code)).toMatchObject(wrongCode)
  })

  test('reads the mail in the language of the request', async () => {
    const username = await create()
    await ask(username, { 'accept-language': 'de-AT, en;q=0.5' })

    expect((await mailTo(username)).subject).toBe('Shop: Ihr Code für ein neues Passwort')
  })

  // REQ-161
  test('is one of twenty who confirm at once', async () => {
    const username = await create()
    const { ticket } = await ask(username)
    const code = await codeTo(username)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => confirm(ticket, code, `${next} ${index}`)),
    )

    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, ...Array(19).fill(400)])
    const won = answers.findIndex(({ status }) => status === 204)
    expect(await post('/login', { username, password: `${next} ${won}` })).toMatchObject({ status: 200 })
  })
})

test('five wrong codes end a ticket, and a code of another ticket is wrong', async () => {
  const username = await create()
  const [first, second] = [await ask(username), await ask(username)]
  await codeTo(username, 2)
  const codes = mails()
    .filter(({ to }) => to === username)
    .map(({ text }) => /^ {4}(\d{4} \d{4})$/m.exec(text)?.[1] ?? '')

  const crossed = [await confirm(first.ticket, codes[1] ?? ''), await confirm(second.ticket, codes[0] ?? '')]
  const answers = crossed[0]?.status === 204 ? [] : crossed
  expect(answers).toMatchObject([wrongCode, wrongCode])
  for (let tries = 0; tries < 4; tries += 1) expect(await confirm(first.ticket, '00000000')).toMatchObject(wrongCode)
  expect(await confirm(first.ticket, codes[0] ?? '')).toMatchObject(wrongCode)
  expect(await confirm(second.ticket, codes[1] ?? '')).toMatchObject({ status: 204 })
})

// REQ-105, REQ-111
test('an unknown, a disabled and a nameless account get the same response, and no mail', async () => {
  const disabled = await create()
  await admin({ command: 'disable-user', username: disabled })
  await admin({ command: 'create-user', username: 'ada', password })
  const before = mails().length
  lines.length = 0
  const asked = await Promise.all([disabled, 'ada', 'nobody', 'nobody@example.net'].map((name) => ask(name)))

  expect(asked).toEqual(Array(4).fill({ status: 202, ticket: expect.stringMatching(/^[\w-]{43}$/) }))
  for (;;) {
    const skipped = lines.filter((line) => line.includes('mail_skipped'))
    if (skipped.length === 4) break
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  expect(mails()).toHaveLength(before)
})
