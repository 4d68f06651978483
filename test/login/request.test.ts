import { expect, test } from '@jest/globals'
import { readLoginRequest } from '../../functions/login/request.ts'
import { httpEvent } from '../support/builders/events.ts'

const [composed, decomposed] = ['caf\u00e9 au lait', 'cafe\u0301 au lait']
const post = (route: string, body: unknown) => httpEvent(route, { body: JSON.stringify(body) })

// REQ-5
test('a log-in keeps the password as it was sent, for hashes of systems that did not compose it', () => {
  const request = readLoginRequest(post('POST /login', { username: 'ada', password: decomposed }), ['web'])

  expect(request).toMatchObject({ ok: true, value: { password: composed, sent: decomposed } })
})
