import { expect, test } from '@jest/globals'
import { Misuse } from '../../../../infra/command-line/line/misuse.ts'
import { readContext, readOptions, settingOption } from '../../../../infra/command-line/line/options.ts'

const options = {
  port: { type: 'string', default: '3000', value: 'PORT' },
  json: { type: 'boolean', default: false },
  ...settingOption,
} as const

test('a line that says nothing means the defaults', () => {
  expect(readOptions([], options)).toMatchObject({
    values: { port: '3000', json: false, context: [] },
    positionals: [],
  })
})

test('a line may say everything, in any order, and a setting may hold an equals sign', () => {
  const { values, positionals } = readOptions(
    ['me', '--port=-1', '-c', 'a=b', '--json', '-cc=d=e', '--', '-x', '-'],
    options,
  )

  expect({ ...values, context: readContext(values.context) }).toEqual({
    port: '-1',
    json: true,
    context: { a: 'b', c: 'd=e' },
  })
  expect(positionals).toEqual(['me', '-x', '-'])
})

test.each([
  [['--prot', '1'], 'Unknown option --prot. Did you mean --port?'],
  [['--constructor'], 'Unknown option --constructor.'],
  [['-x'], 'Unknown option -x.'],
  [['--port'], '--port takes PORT.'],
  [['--port', '--json'], '--port takes PORT; one that begins with a dash follows an equals sign.'],
  [['--json=yes'], '--json takes no value.'],
  [['-c'], '-c takes SETTING=VALUE.'],
])('%j is misuse that is told in a sentence', (line, sentence) => {
  expect(() => readOptions(line, options)).toThrow(new Misuse(sentence))
})

test.each(['stage', '=prod'])('the setting %s is in no form of a setting', (setting) => {
  expect(() => readContext([setting])).toThrow(new Misuse(`-c takes SETTING=VALUE, not ${setting}.`))
})
