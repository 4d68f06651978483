import { afterAll, describe, expect, test } from '@jest/globals'
import { openMailService } from '../support/mail-service.ts'

const service = await openMailService({ selfRegistration: 'true' })
const { post, admin, mailTo, codeTo, mails } = service
afterAll(() => service[Symbol.asyncDispose]())

const password = 'correct horse battery staple'
let made = 0

/** A name and an address that nobody has. */
function newcomer() {
  made += 1
  return { username: `user-${made}`, email: `user-${made}@example.net` }
}

async function ask(registration: object, headers: Readonly<Record<string, string>> = {}) {
  const { status, json } = await post('/register', { password, ...registration }, headers)
  return { status, json, ticket: json.ticket as string }
}

const confirm = (ticket: string, code: string, more: object = {}) =>
  post('/register/confirm', { ticket, code, ...more })

const logIn = (username: string) => post('/login', { username, password })

const show = async (username: string) => (await admin({ command: 'show-user', username })).result

const codesTo = (to: string) =>
  mails()
    .filter((mail) => mail.to === to)
    .map(({ text }) => /^ {4}(\d{4} \d{4})$/m.exec(text)?.[1] ?? '')

const accepted = { status: 202, json: { ticket: expect.stringMatching(/^[\w-]{43}$/) } }
const wrongCode = { status: 400, json: { error: 'invalid_grant' } }

// REQ-43, REQ-103, REQ-165
describe('a person who registers', () => {
  test('gets a code by mail, and an account with name and address for it, which logs nobody in', async () => {
    const { username, email } = newcomer()
    const asked = await ask({ username, email: ` ${email.toUpperCase()} ` })
    const before = [await logIn(username), await logIn(email)]
    const { subject } = await mailTo(email)
    const confirmed = await confirm(asked.ticket, await codeTo(email))

    expect(asked).toMatchObject(accepted)
    expect(before).toMatchObject([wrongCode, wrongCode])
    expect(subject).toBe('Shop: confirm your e-mail address')
    expect(confirmed).toMatchObject({ status: 201, json: { sub: expect.stringMatching(/^[\w-]{22}$/), username } })
    expect(Object.keys(confirmed.json)).toEqual(['sub', 'username'])
    expect([await logIn(username), await logIn(email)]).toMatchObject([{ status: 200 }, { status: 200 }])
    expect(await show(email)).toMatchObject({ sub: confirmed.json.sub, username, scope: '' })
  })

  test('may be called by the address only', async () => {
    const { email } = newcomer()
    const { ticket } = await ask({ username: email })

    expect(await confirm(ticket, await codeTo(email))).toMatchObject({ status: 201, json: { username: email } })
    expect(await logIn(email)).toMatchObject({ status: 200 })
  })

  test('reads the mail in the language that the request asks for', async () => {
    const { username, email } = newcomer()
    await ask({ username, email, ui_locales: 'fr-CA de' }, { 'accept-language': 'es' })

    expect((await mailTo(email)).html).toContain('lang="fr"')
  })

  test('may type the code with a dash, and choose another name with it if the first is taken', async () => {
    const [taken, { email }] = [newcomer(), newcomer()]
    await admin({ command: 'create-user', username: taken.username, password })
    const asked = await ask({ username: taken.username, email })
    const code = (await codeTo(email)).replace(' ', '-')

    expect(asked).toMatchObject(accepted)
    const none = { status: 400, json: { error: 'invalid_request' } }
    expect(await confirm(asked.ticket, code)).toMatchObject({ status: 409, json: { error: 'username_taken' } })
    expect(await confirm(asked.ticket, code, { username: 'other@example.net' })).toMatchObject(none)
    expect(await confirm(asked.ticket, code, { username: `other-${taken.username}` })).toMatchObject({ status: 201 })
    expect(await confirm(asked.ticket, code, { username: `third-${taken.username}` })).toMatchObject(wrongCode)
    expect(await logIn(email)).toMatchObject({ status: 200 })
  })

  // REQ-40, REQ-161
  test('is one of twenty who confirm at once', async () => {
    const { username, email } = newcomer()
    const { ticket } = await ask({ username, email })
    const code = await codeTo(email)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => confirm(ticket, code, { username: `${username}-${index}` })),
    )

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array(19).fill(400)])
    const [won] = answers.filter(({ status }) => status === 201)
    expect((await show(email)).username).toBe(won?.json.username)
  })
})

// REQ-43
test('an address belongs to nobody until one of two codes is confirmed: then the other is worth nothing', async () => {
  const { email } = newcomer()
  const [first, second] = [await ask({ username: email }), await ask({ username: newcomer().username, email })]
  await mailTo(email, 2)
  const codes = codesTo(email)
  // Mails arrive in any order. The wrong code of a ticket is one of its five tries.
  const [mine = '', other = ''] =
    (await confirm(second.ticket, codes[0] ?? '')).status === 201 ? codes : codes.toReversed()
  const isConfirmed = mine === codes[0]

  expect(isConfirmed ? { status: 201 } : await confirm(second.ticket, mine)).toMatchObject({ status: 201 })
  expect(await confirm(first.ticket, other)).toMatchObject(wrongCode)
})

// REQ-44, REQ-163
test('the owner of a taken address is told that someone tried, and the response is the same', async () => {
  const { email } = newcomer()
  await admin({ command: 'create-user', username: email, password })
  const { ticket, ...asked } = await ask({ username: newcomer().username, email })
  const { subject, text } = await mailTo(email)

  expect(asked).toMatchObject(accepted)
  expect(subject).toBe('Shop: someone tried to use your e-mail address')
  expect(text).not.toMatch(/\d{4} \d{4}\n/)
  expect(await confirm(ticket, '1234 5678')).toMatchObject(wrongCode)
})

test('a name without an address, and an unknown member, are refused', async () => {
  const { username, email } = newcomer()

  expect(await ask({ username })).toMatchObject({
    status: 400,
    json: { error: 'invalid_request', error_description: expect.stringContaining('An e-mail address is needed') },
  })
  expect(await ask({ username, email, role: 'admin' })).toMatchObject({ status: 400 })
})
