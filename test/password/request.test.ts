import { expect, test } from '@jest/globals'
import { readPasswordRequest } from '../../functions/password/request.ts'
import { httpEvent } from '../support/builders/events.ts'

const [composed, decomposed] = ['caf\u00e9 au lait', 'cafe\u0301 au lait']

// REQ-5
test('a change of the password keeps the current one as it was sent, for hashes of systems that did not compose it', () => {
  const body = JSON.stringify({ current_password: decomposed, new_password: `${decomposed}, new` })

  expect(readPasswordRequest(httpEvent('POST /password', { body }))).toEqual({
    ok: true,
    value: { current: composed, sent: decomposed, next: `${composed}, new` },
  })
})
