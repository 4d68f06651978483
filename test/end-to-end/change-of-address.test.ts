import { afterAll, describe, expect, test } from '@jest/globals'
import { openMailService } from '../support/mail-service.ts'

const service = await openMailService()
const { post, admin, mailTo, codeTo, mails, lines } = service
afterAll(() => service[Symbol.asyncDispose]())

const password = 'correct horse battery staple'
const told = 'Shop: your e-mail address was changed'
let made = 0

/** Someone who is logged in, by an address or by a name. */
async function create(kind: 'address' | 'name' = 'address') {
  made += 1
  const username = kind === 'name' ? `user-${made}` : `user-${made}@example.net`
  await admin({ command: 'create-user', username, password })
  const { json: tokens } = await post('/login', { username, password })
  const headers = { authorization: `Bearer ${tokens.access_token}` }
  return {
    ...{ username, free: `free-${made}@example.net`, tokens, headers },
    ask: (email: string, members: object = {}) => post('/email', { email, password, ...members }, headers),
    confirm: (ticket: string, code: string) => post('/email/confirm', { ticket, code }, headers),
  }
}

const accepted = { status: 202, json: { ticket: expect.stringMatching(/^[\w-]{43}$/) } }
const wrong = { status: 400, json: { error: 'invalid_grant' } }
const ended = { status: 401, json: { error: 'invalid_token' } }

describe('a person with another address', () => {
  // REQ-100, REQ-103
  test('proves it by a code, keeps the session, and is told at both addresses', async () => {
    const { username, free, tokens, ask, confirm } = await create()
    const asked = await ask(` ${free.toUpperCase()} `)
    expect(asked).toMatchObject(accepted)
    const code = await codeTo(free)
    expect(await confirm(asked.json.ticket, code)).toMatchObject({ status: 204, json: undefined })

    expect((await mailTo(free, 2)).subject).toBe(told)
    expect((await mailTo(username)).subject).toBe(told)
    expect(await post('/login', { username, password })).toMatchObject({ status: 400 })
    expect(await post('/login', { username: free, password })).toMatchObject({ status: 200 })
    const { refresh_token } = tokens
    expect(await post('/token', { grant_type: 'refresh_token', refresh_token })).toMatchObject({ status: 200 })
    expect(await confirm(asked.json.ticket, code)).toMatchObject(wrong)
  })

  test('and a name until now has both, and is told once', async () => {
    const { username, free, ask, confirm } = await create('name')
    const { ticket } = (await ask(free)).json
    expect(await confirm(ticket, (await codeTo(free)).replace(' ', '-'))).toMatchObject({ status: 204 })

    expect((await mailTo(free, 2)).subject).toBe(told)
    for (const identifier of [username, free])
      expect(await post('/login', { username: identifier, password })).toMatchObject({ status: 200 })
  })

  test('reads the mail in the language that was asked for', async () => {
    const { free, ask } = await create()
    await ask(free, { ui_locales: 'de' })

    expect((await mailTo(free)).subject).toBe('Shop: Neue E-Mail-Adresse bestätigen')
  })

  // REQ-161
  test('is changed once by twenty confirmations at once', async () => {
    const { free, ask, confirm } = await create()
    const { ticket } = (await ask(free)).json
    const code = await codeTo(free)
    const answers = await Promise.all(Array.from({ length: 20 }, () => confirm(ticket, code)))

    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, ...Array(19).fill(400)])
  })
})

// REQ-105
test('an address that is taken is answered like a free one, and only its owner is told', async () => {
  const [ada, eve] = [await create(), await create()]
  const asked = await ada.ask(eve.username)

  expect(asked).toMatchObject(accepted)
  expect((await mailTo(eve.username)).subject).toBe('Shop: someone tried to use your e-mail address')
  expect(await ada.confirm(asked.json.ticket, '12345678')).toMatchObject(wrong)
})

test('a ticket is good only for the caller who asked', async () => {
  const [ada, eve] = [await create(), await create()]
  const { ticket } = (await ada.ask(ada.free)).json
  const code = await codeTo(ada.free)

  expect(await eve.confirm(ticket, code)).toMatchObject(wrong)
  expect(await ada.confirm(ticket, code)).toMatchObject({ status: 204 })
})

describe('nothing is mailed', () => {
  test('for a wrong password, and without one', async () => {
    const { free, ask } = await create()
    const count = mails().length

    expect(await ask(free, { password: 'a guess of a stranger' })).toMatchObject(wrong)
    expect(await ask(free, { password: undefined })).toMatchObject({ status: 400, json: { error: 'invalid_request' } })
    expect(mails()).toHaveLength(count)
  })

  test.each([
    ['a host without a domain', 'ada@localhost'],
    ['a name', 'ada'],
    ['two addresses', 'ada@example.net, eve@example.net'],
    ['a header', 'ada@example.net\r\nBcc: eve@example.net'],
    ['quotes', '"ada eve"@example.net'],
    ['two @', 'ada@@example.net'],
    ['NUL', 'ada\0@example.net'],
    ['320 bytes', `${'a'.repeat(308)}@example.net`],
  ])('to what is not an address for mail: %s', async (_, email) => {
    const { ask } = await create()

    expect(await ask(email)).toMatchObject({ status: 400, json: { error: 'invalid_request' } })
  })

  test('for a caller whose session has ended, who cannot confirm either', async () => {
    const { username, free, ask, confirm } = await create()
    const { ticket } = (await ask(free)).json
    const code = await codeTo(free)
    await admin({ command: 'revoke-sessions', username })

    expect(await ask(free)).toMatchObject(ended)
    expect(await confirm(ticket, code)).toMatchObject(ended)
    expect(await post('/email', { email: free, password })).toMatchObject({ status: 401 })
    expect(await post('/email/confirm', { ticket, code })).toMatchObject({ status: 401 })
  })
})

test('the log names what was done, without address, ticket or code', async () => {
  const { free, ask, confirm } = await create()
  lines.length = 0
  const { ticket } = (await ask(free)).json
  const code = await codeTo(free)
  await confirm(ticket, code)
  await mailTo(free, 2)
  const own = lines.filter((line) => line.startsWith('email: ')).map((line) => JSON.parse(line.slice('email: '.length)))

  expect(own).toEqual([
    expect.objectContaining({ event: 'address_change_request', outcome: 'success', sub: expect.any(String) }),
    expect.objectContaining({ event: 'user_updated', outcome: 'success', reason: 'address', sub: expect.any(String) }),
  ])
  for (const secret of [free, ticket, code, code.replace(' ', '')]) expect(lines.join('\n')).not.toContain(secret)
})
