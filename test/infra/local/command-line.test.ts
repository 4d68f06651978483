import { expect, test } from '@jest/globals'
import { readCommandLine } from '../../../infra/local/command-line.ts'

test('a line that says nothing means the defaults', () => {
  expect(readCommandLine([])).toEqual({
    port: 3000,
    data: '.local',
    context: {},
    reset: false,
    hosts: [],
    operands: [],
  })
})

test('a line may say everything, and a setting may hold an equals sign', () => {
  const line = [
    'me',
    '--port',
    '0',
    '--data',
    'd',
    '-c',
    'a=b',
    '--context',
    'c=d=e',
    '--reset',
    '--host',
    '10.0.2.2',
    '--host',
    'my-box.local',
    '-',
  ]

  expect(readCommandLine(line)).toEqual({
    port: 0,
    data: 'd',
    context: { a: 'b', c: 'd=e' },
    reset: true,
    hosts: ['10.0.2.2', 'my-box.local'],
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
  ['a host with a port', ['--host', 'box:3000']],
  ['a malformed host', ['--host', 'http://box/']],
])('%s cannot be understood', (_, line) => {
  expect(readCommandLine(line)).toBeUndefined()
})
