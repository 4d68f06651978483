import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from '@jest/globals'
import type { InvokeFunction } from '../../functions/domain/invoke-function.ts'
import { succeed } from '../../functions/domain/result.ts'
import { createComposeMail } from '../../functions/mail/compose-mail.ts'

// The example of docs/mail.md.

const folder = mkdtempSync(join(tmpdir(), 'latchkey-texts-'))
const page = readFileSync(join(import.meta.dirname, '../../docs/mail.md'), 'utf8')
const [, example = ''] = /```js\n([\s\S]+?)```/.exec(page) ?? []
const file = join(folder, 'index.mjs')
writeFileSync(file, example)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const askHook: InvokeFunction = async (event) => {
  const script = `
    const { handler } = await import(${JSON.stringify(file)})
    console.log(JSON.stringify(await handler(${JSON.stringify(event)})))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  return succeed(JSON.parse(stdout))
}
const composeMail = createComposeMail({ askHook, region: 'eu-central-1' })
const facts = { service: 'Shop', time: 1_800_000_000, source: undefined, code: '01234567' }

test('writes the mail for a new password', async () => {
  const mail = { kind: 'recoveryCode', to: 'ada@example.com', facts: { ...facts, username: '<b>ada' } } as const

  expect(await composeMail(mail, 'fr')).toEqual({
    written: {
      subject: 'Example: Votre code',
      html: '<p>&#60;b&#62;ada: <strong>01234567</strong></p>',
      text: '<b>ada: 01234567\n',
    },
  })
})

test('leaves the others to us', async () => {
  const mail = { kind: 'registrationCode', to: 'ada@example.com', facts } as const
  const without = createComposeMail({ askHook: undefined, region: 'eu-central-1' })

  expect(await composeMail(mail, 'en')).toEqual(await without(mail, 'en'))
})
