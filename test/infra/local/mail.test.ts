import { afterAll, expect, test } from '@jest/globals'
import { openAccount } from '../../../infra/local/account.ts'
import { synthesise } from '../../../infra/synthesis/assembly.ts'
import { newFolder } from '../../support/local-aws.ts'
import { openMailAccount } from '../../support/mail-account.ts'

const assembly = await synthesise({})
afterAll(async () => assembly[Symbol.asyncDispose]())

const mail = { to: 'ada@example.net', subject: 'Ihr Code', text: '1234 5678', html: '<p>1234 5678</p>' }

// REQ-159
test('a bundled function sends in its role, and its mail is captured', async () => {
  await using account = await openMailAccount(assembly)

  const sent = await account.send(mail)
  const [id = ''] = await account.mails.list()
  expect(await account.mails.find(id)).toEqual({
    ...mail,
    from: 'Shop <no-reply@example.com>',
    messageId: sent.value.messageId,
    time: expect.any(String),
  })
  expect(account.bytes).toBeLessThan(200_000)
})

// REQ-137
test('a role that may send as somebody else only is refused, and the log says what is missing', async () => {
  const condition = { Condition: { StringEquals: { 'ses:FromAddress': 'root@example.com' } } }
  await using account = await openMailAccount(assembly, condition)

  expect(await account.send(mail)).toEqual({
    ok: false,
    failure: { reason: 'refused', error: 'AccessDeniedException' },
  })
  expect(account.lines.join('\n')).toMatch(
    /assumed-role\/.*\/sender is not authorized to perform: ses:SendEmail on resource: .*:identity\/example.com/,
  )
})

test('a stack without an identity has no mailbox', async () => {
  const options = { data: newFolder(), endpoint: 'http://127.0.0.1:3000', principals: [], log: () => undefined }
  await using account = await openAccount(assembly, options)

  expect(account.mails).toBeUndefined()
})

test('a stack that mails come from has a mailbox, and needs nothing of AWS', async () => {
  await using sending = await synthesise({ emailFrom: 'no-reply@example.com', stage: 'prod' })
  const options = { data: newFolder(), endpoint: 'http://127.0.0.1:3000', principals: [], log: () => undefined }
  await using account = await openAccount(sending, options)

  expect(await account.mails?.list()).toEqual([])
})
