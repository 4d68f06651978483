import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { openMailService } from '../support/mail-service.ts'

const program = join(import.meta.dirname, '../support/synthesise-owners-functions.ts')
const mailHook = 'arn:aws:lambda:us-east-1:000000000000:function:mailTexts'
const service = await openMailService({ mailHook }, program)
const { post, admin, mailTo, codeTo, lines, invoke } = service
afterAll(() => service[Symbol.asyncDispose]())

const password = 'correct horse battery staple'
const next = 'a better battery of horses'

async function recover(username: string, language = 'en') {
  // Its start may take longer than it has, on a machine that is busy.
  await invoke('mailTexts', JSON.stringify({ request: { userAttributes: { email: 'unchanged@example.net' } } }))
  await admin({ command: 'create-user', username, password })
  const { json } = await post('/recover', { username }, { 'accept-language': language })
  return json.ticket as string
}

const hookFailures = () =>
  lines.filter((line) => line.includes('mail_hook_fail')).map((line) => /"reason":"(\w+)"/.exec(line)?.[1])

test("a code comes in the owner's words, and a notice in ours", async () => {
  const ticket = await recover('ada@example.net', 'fr')
  const { subject, html, text } = await mailTo('ada@example.net')
  const [, code = ''] = /^type (\d{8})\.$/m.exec(text) ?? []
  const confirmed = await post('/recover/confirm', { ticket, code, new_password: next })

  expect(subject).toBe('CustomMessage_ForgotPassword in fr')
  expect(html).toBe(`<p>Dear ada@example.net,</p><p>type <b>${code}</b>.</p>`)
  expect(confirmed.status).toBe(204)
  expect((await mailTo('ada@example.net', 2)).subject).toBe('Shop: your password was changed')
  expect(hookFailures()).toEqual([])
})

test('a function that leaves the event unchanged leaves the words to us', async () => {
  await recover('unchanged@example.net')

  expect(await codeTo('unchanged@example.net')).toMatch(/^\d{4} \d{4}$/)
  expect(hookFailures()).toEqual([])
})

// REQ-122
test.each([
  ['throws', 'function_error'],
  ['crash', 'function_error'],
  ['forgetful', 'no_placeholder'],
  ['slow', 'unavailable'],
])('a function that fails does not keep the code from its owner: %s', async (wish, reason) => {
  lines.length = 0
  const ticket = await recover(`${wish}@example.net`)
  const code = await codeTo(`${wish}@example.net`)

  expect(await post('/recover/confirm', { ticket, code, new_password: next })).toMatchObject({ status: 204 })
  expect(hookFailures()).toEqual([reason])
  expect(lines.join('\n')).not.toContain(code.replace(' ', ''))
})
