import { expect, jest, test } from '@jest/globals'
import { writeLine } from '../../functions/http/log.ts'

test('a line of the log is written as it is, with nothing before it and one line feed behind', () => {
  const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  writeLine('{"event":"authn_login_success"}')
  const calls = written.mock.calls
  written.mockRestore()

  expect(calls).toEqual([['{"event":"authn_login_success"}\n']])
})
