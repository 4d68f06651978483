import { PassThrough } from 'node:stream'
import { expect, test } from '@jest/globals'
import { readNewPassword } from '../../../../infra/command-line/admin/password.ts'

function setUp({ isTTY }: { readonly isTTY: boolean }) {
  const input = Object.assign(new PassThrough(), { isTTY })
  const output = new PassThrough()
  return { input, output, password: readNewPassword({ input, output }) }
}

test.each([
  ['one line', 'secret\n', 'secret'],
  ['a line that does not end', 'secret', 'secret'],
  ['a line that ends as on Windows', 'secret\r\n', 'secret'],
  ['blanks and a byte order mark, which belong to it', '\uFEFF secret \t\n', '\uFEFF secret \t'],
  ['letters beyond ASCII, as they are', 'Pa\u0308sswo\u0308rd\n', 'Pa\u0308sswo\u0308rd'],
])('the password is %s', async (_, given, password) => {
  const set = setUp({ isTTY: false })
  set.input.end(given)

  expect(await set.password).toBe(password)
})

test.each([
  ['nothing', '', 'There is no password on standard input'],
  ['an empty line', '\n', 'There is no password on standard input'],
  ['two lines', 'secret\nsecret\n', 'There is more than one line'],
  ['bytes that are no text', Buffer.of(0x73, 0xff), 'not UTF-8'],
])('%s on standard input is refused', async (_, given, message) => {
  const set = setUp({ isTTY: false })
  set.input.end(given)

  await expect(set.password).rejects.toThrow(message)
})

/** Types an answer to each question as it appears, and keeps what is shown. */
function type({ input, output }: ReturnType<typeof setUp>, first: string, second: string) {
  const shown: string[] = []
  output.on('data', (chunk: Buffer) => {
    shown.push(chunk.toString())
    if (shown.at(-1) === 'Password: ') input.write(first)
    if (shown.at(-1) === 'Once more: ') input.write(second)
  })
  return shown
}

test('at a terminal it is asked for twice and never shown', async () => {
  const set = setUp({ isTTY: true })
  const shown = type(set, 'sekret\x7f\x7f\x7f\x7fcret\r', 'secret\r')

  expect(await set.password).toBe('secret')
  expect(shown).toEqual(['Password: ', '\n', 'Once more: ', '\n'])
})

test.each([
  ['two different answers', 'secret\r', 'sekret\r', 'The two passwords differ.'],
  ['Ctrl-C', 'secret\r', '\x03', 'No password was given.'],
  ['Ctrl-D', '\x04', '', 'No password was given.'],
])('at a terminal, %s gives no password', async (_, first, second, message) => {
  const set = setUp({ isTTY: true })
  type(set, first, second)

  await expect(set.password).rejects.toThrow(message)
})
