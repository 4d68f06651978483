import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, expect, test } from '@jest/globals'
import { openMailService } from '../support/mail-service.ts'

const program = join(import.meta.dirname, '../support/synthesise-owners-functions.ts')
const migration = 'arn:aws:lambda:us-east-1:000000000000:function:oldSystem'
const service = await openMailService({ migration }, program)
const { post, admin, mailTo, codeTo, mails, lines, invoke } = service
afterAll(() => service[Symbol.asyncDispose]())

const password = 'a better battery of horses'

async function ask(username: string) {
  // Their starts may take longer than they have, on a machine that is busy.
  await invoke('oldSystem', JSON.stringify({ triggerSource: 'none' }))
  await invoke('migrate', JSON.stringify({ username: 'nobody' }))
  const { status, json } = await post('/recover', { username })
  expect(status).toBe(202)
  return json.ticket as string
}

async function waitForLines(part: string, count: number) {
  for (;;) {
    const found = lines.filter((line) => line.includes(part))
    if (found.length >= count) return found
    await setTimeout(20)
  }
}

const logIn = (username: string) => post('/login', { username, password })

// REQ-159
test.each([
  ['forgetful-1@old.example', 'forgetful-1@old.example'],
  ['forgetful-2', 'forgetful-2@old.example'],
])('a person whom the old system knows as %s recovers the password and logs in', async (username, address) => {
  const ticket = await ask(` ${username.toUpperCase()} `)
  const code = await codeTo(address)

  expect(await admin({ command: 'show-user', username })).toMatchObject({ ok: true })
  expect(await logIn(username)).toMatchObject({ status: 400 })
  expect(await post('/recover/confirm', { ticket, code, new_password: password })).toMatchObject({ status: 204 })
  expect(await logIn(username)).toMatchObject({ status: 200 })
  expect(await logIn(address)).toMatchObject({ status: 200 })
  expect((await mailTo(address, 2)).subject).toBe('Shop: your password was changed')
})

test('a recovery that a stranger asks for leaves the old password good, until the code sets another', async () => {
  const [username, address, old] = ['forgetful-4', 'forgetful-4@old.example', 'the password of the old system']
  const ticket = await ask(username)
  const code = await codeTo(address)
  const logInBy = (each: string) => post('/login', { username, password: each })

  expect(await logInBy('a guess of the stranger')).toMatchObject({ status: 400 })
  lines.length = 0
  expect(await logInBy(old)).toMatchObject({ status: 200 })
  expect(lines.filter((line) => line.includes('"flow":"after_recovery"'))).toHaveLength(1)
  expect(await logInBy(old)).toMatchObject({ status: 200 })
  expect(await post('/recover/confirm', { ticket, code, new_password: password })).toMatchObject({ status: 204 })
  expect([(await logInBy(old)).status, (await logInBy(password)).status]).toEqual([400, 200])
})

// REQ-153
test('two recoveries at once make one account, and both codes go to its address', async () => {
  lines.length = 0
  await Promise.all([ask('forgetful-3'), ask('forgetful-3')])
  await mailTo('forgetful-3@old.example', 2)
  const subs = lines.flatMap((line) => /"event":"mail_sent".*"sub":"([\w-]+)"/.exec(line)?.[1] ?? [])

  expect(lines.filter((line) => line.includes('"user_migrated"'))).toHaveLength(1)
  expect(new Set(subs).size).toBe(1)
})

test.each([
  ['nobody@old.example', 'refused'],
  ['unverified@old.example', 'no_verified_address'],
])('there is no mail and no account where the old system says nothing of use: %s', async (username, reason) => {
  const before = mails().length
  lines.length = 0
  await ask(username)
  const [skipped] = await waitForLines('mail_skipped', 1)

  expect(skipped).toContain('"reason":"unknown_user"')
  expect(lines.join('\n')).toContain(`"reason":"${reason}"`)
  expect(mails()).toHaveLength(before)
  expect(await admin({ command: 'show-user', username })).toMatchObject({ ok: false })
})

// REQ-122
test('an old system that fails ends the try, so that Lambda repeats it, and nothing is mailed', async () => {
  const before = mails().length
  lines.length = 0
  await ask('broken@old.example')
  await waitForLines('mail failed at an event', 1)

  expect(mails()).toHaveLength(before)
  expect(lines.join('\n')).not.toContain('broken@old.example')
})
