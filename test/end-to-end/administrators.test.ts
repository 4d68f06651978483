import { afterAll, expect, test } from '@jest/globals'
import { openMailService } from '../support/mail-service.ts'

const service = await openMailService()
const { post, admin, mailTo, codeTo, mails, lines } = service
afterAll(() => service[Symbol.asyncDispose]())

const password = 'correct horse battery staple'
const next = 'a better battery of horses'

// REQ-110
test('an administrator starts a recovery that only the owner can finish', async () => {
  const username = 'ada@example.net'
  await admin({ command: 'create-user', username, password })
  const started = await admin({ command: 'start-recovery', username })
  const code = await codeTo(username)

  expect(started).toMatchObject({ ok: true, result: { username, ticket: expect.stringMatching(/^[\w-]{43}$/) } })
  expect(JSON.stringify(started)).not.toContain(code.slice(0, 4) + code.slice(5))
  expect(await post('/login', { username, password })).toMatchObject({ status: 200 })
  const confirmation = { ticket: started.result.ticket, code, new_password: next }
  expect(await post('/recover/confirm', confirmation)).toMatchObject({ status: 204 })
  expect(await post('/login', { username, password: next })).toMatchObject({ status: 200 })
  expect(lines.join('\n')).not.toContain(started.result.ticket)
})

test('an owner is told of an address and a password that an administrator sets', async () => {
  const [username, first, second] = ['grace', 'grace@example.net', 'hopper@example.net']
  await admin({ command: 'create-user', username, password })
  await admin({ command: 'set-email', username, email: first })
  const told = 'Shop: your e-mail address was changed'

  expect((await mailTo(first)).subject).toBe(told)
  await admin({ command: 'set-email', username, email: second, verified: true })
  expect([(await mailTo(first, 2)).subject, (await mailTo(second)).subject]).toEqual([told, told])
  await admin({ command: 'set-password', username, password: next })
  expect((await mailTo(second, 2)).subject).toBe('Shop: your password was changed')
  expect(await post('/login', { username: second, password: next })).toMatchObject({ status: 200 })
  expect(mails().filter(({ to }) => to === first)).toHaveLength(2)
})
