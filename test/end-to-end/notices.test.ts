import { setTimeout } from 'node:timers/promises'
import { afterAll, describe, expect, test } from '@jest/globals'
import { openMailService } from '../support/mail-service.ts'

const service = await openMailService({ accountFailures: '3', addressFailures: '0', refreshGrace: '0' })
const { post, admin, mailTo, mails, lines } = service
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

const logIn = async (username: string, as = password, headers = {}) =>
  (await post('/login', { username, password: as }, headers)).json

const refresh = (refresh_token: string, headers = {}) =>
  post('/token', { grant_type: 'refresh_token', refresh_token }, headers)

const guess = (username: string, headers: Readonly<Record<string, string>> = {}) =>
  post('/login', { username, password: 'a guess at the password' }, headers)

const german = { 'accept-language': 'de-CH' }

/** The function that mails writes a line for each event that it sends no mail for. */
async function waitForSkipped() {
  while (!lines.some((line) => line.includes('mail_skipped'))) await setTimeout(20)
}

const subjectsTo = (address: string) => mails().flatMap(({ to, subject }) => (to === address ? [subject] : []))

describe('the owner of an account is told once', () => {
  // REQ-102
  test('that the password was changed', async () => {
    const username = await create()
    const { access_token } = await logIn(username)
    const headers = { authorization: `Bearer ${access_token}`, ...german }
    await post('/password', { current_password: 'a guess', new_password: next }, headers)
    const changed = await post('/password', { current_password: password, new_password: next }, headers)

    expect(changed.status).toBe(200)
    expect((await mailTo(username)).subject).toBe('Shop: Ihr Passwort wurde geändert')
    expect(subjectsTo(username)).toHaveLength(1)
  })

  // REQ-82
  test('that a session was ended because its token was used twice', async () => {
    const username = await create()
    const { refresh_token } = await logIn(username)
    await refresh(refresh_token)
    const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(refresh_token, german)))

    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(400))
    expect((await mailTo(username)).subject).toBe('Shop: Ein Gerät wurde abgemeldet')
    expect(subjectsTo(username)).toHaveLength(1)
  })

  test('that many wrong passwords were tried, with the number of them', async () => {
    const username = await create()
    for (let failure = 1; failure <= 4; failure += 1) await guess(username, german)

    const { subject, text } = await mailTo(username)
    expect(subject).toBe('Shop: Viele falsche Passwörter')
    expect(text).toMatch(/\b3\b/)
    expect(subjectsTo(username)).toHaveLength(1)
  })
})

describe('nobody is told', () => {
  test('of wrong passwords for an unknown name, whose answers are those of a known one', async () => {
    const known = await create()
    lines.length = 0
    const answersFor = async (username: string) => {
      const answers = []
      for (let failure = 1; failure <= 4; failure += 1) answers.push(await guess(username))
      return answers.map(({ status, json }) => ({ status, json }))
    }
    const [ofKnown, ofUnknown] = [await answersFor(known), await answersFor('nobody@example.net')]
    await mailTo(known)
    await waitForSkipped()

    expect(ofUnknown).toEqual(ofKnown)
    expect(subjectsTo('nobody@example.net')).toEqual([])
    expect(lines.join('\n')).not.toMatch(/nobody@example|user-\d+@example/)
  })

  test('of log-ins and refreshes that succeed', async () => {
    const username = await create()
    await guess(username)
    await guess(username)
    const { refresh_token } = await logIn(username)
    await guess(username)
    await refresh(refresh_token)

    // By the time that this one has come, so would one of those.
    const other = await create()
    for (let failure = 1; failure <= 3; failure += 1) await guess(other)
    await mailTo(other)
    expect(subjectsTo(username)).toEqual([])
  })
})
