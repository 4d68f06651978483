import { expect, test } from '@jest/globals'
import { readCommandLine } from '../../../infra/local/command-line.ts'

test('a line that says nothing means the defaults', () => {
  expect(readCommandLine([])).toEqual({ port: 3000, data: '.local', context: {}, reset: false, operands: [] })
})

test('a line may say everything, and a setting may hold an equals sign', () => {
  const line = ['me', '--port', '0', '--data', 'd', '-c', 'a=b', '--context', 'c=d=e', '--reset', '-']

  expect(readCommandLine(line)).toEqual({
    port: 0,
    data: 'd',
    context: { a: 'b', c: 'd=e' },
    reset: true,
    operands: ['me', '-'],
  })
})

test.each([
  ['a port past the last', ['--port', '65536']],
  ['a port that is no number', ['--port', '3e3']],
  ['a negative port', ['--port=-1']],
  ['no folder', ['--data', '']],
  ['a setting without a value', ['-c', 'stage']],
  ['a value without a setting', ['-c', '=prod']],
  ['a flag that there is not', ['--prot', '1']],
  ['a flag without its value', ['--port']],
])('%s cannot be understood', (_, line) => {
  expect(readCommandLine(line)).toBeUndefined()
})
