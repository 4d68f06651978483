import { execFileSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { printable, printableInLine, quoteForShell } from '../../../infra/command-line/terminal.ts'

const pasted = (command: string): string => execFileSync('sh', ['-c', command], { encoding: 'utf8' })

describe('a value in a command to paste', () => {
  test.each([
    'ada',
    'ada lovelace',
    "zz'; echo injected; echo '",
    '$(echo injected)',
    '`echo injected`',
    "''",
    '\\',
    '',
  ])('is one word of the shell: %j', (value) => {
    expect(pasted(`printf '%s|' ${quoteForShell(value)} end`)).toBe(`${value}|end|`)
  })

  test('is one word of the shell, whatever it is', () => {
    const value = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))
    fc.assert(
      fc.property(fc.array(value, { minLength: 20, maxLength: 40 }), (values) => {
        expect(pasted(`printf '%s|' ${values.map(quoteForShell).join(' ')}`)).toBe(
          values.map((each) => `${each}|`).join(''),
        )
      }),
      { numRuns: 10 },
    )
  })

  test.each(['localhost', 'user.json', '/home/ada/.local/user.json', 'ada@example.com', '127.0.0.1:3000'])(
    'needs no quotes where it is plain: %s',
    (value) => {
      expect(quoteForShell(value)).toBe(value)
    },
  )
})

describe('text of others on a terminal', () => {
  test.each([
    ['stays as it is', 'Ada Lovelace\tnamed\n“名前” 👩\n', 'Ada Lovelace\tnamed\n“名前” 👩\n'],
    ['cannot set a title', '\u001b]0;title\u0007', '\\u001b]0;title\\u0007'],
    ['cannot clear the screen by one byte', '\u009b2J', '\\u009b2J'],
    ['cannot overwrite its line', 'good\rbad\b', 'good\\u000dbad\\u0008'],
    ['cannot run backwards', '\u202egpj', '\\u202egpj'],
    ['cannot hide characters', 'a\u{e0061}', 'a\\udb40\\udc61'],
  ])('%s', (_, text, shown) => {
    expect(printable(text)).toBe(shown)
  })

  test('cannot begin another line where it is a part of one', () => {
    expect(printableInLine('Ada\tLovelace\nroot\u001b[2J “名前”')).toBe(
      'Ada\\u0009Lovelace\\u000aroot\\u001b[2J “名前”',
    )
  })
})
