import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { createTestAuthorizer } from '../support/authorizer.ts'
import { httpEvent } from '../support/builders/events.ts'
import { stoppedClock } from '../support/fakes/stopped-clock.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/step-up.md'), 'utf8')
const [, code = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? []
const { handler } = await import(`data:text/javascript,${encodeURIComponent(code)}`)

const challenge = 'Bearer error="insufficient_user_authentication", max_age="600", acr_values="mfa"'
const refused = { statusCode: 401, headers: { 'WWW-Authenticate': challenge, 'Content-Type': 'application/json' } }

/** What the authorizer says of a token by these methods, as each kind of API passes it on. */
async function contextsOf(secondsAgo: number, amr: readonly ['pwd'] | readonly ['pop', 'user', 'mfa']) {
  const clock = stoppedClock(Math.floor(Date.now() / 1000))
  const { authorize, issueProved } = createTestAuthorizer({}, clock)
  const authorization = `Bearer ${await issueProved({ authTime: clock() - secondsAgo, amr })}`
  const answer = await authorize({ ...httpEvent('GET /me'), type: 'REQUEST', headers: { authorization } })
  const context = { ...answer.context }
  return [{ lambda: context }, Object.fromEntries(Object.entries(context).map(([name, value]) => [name, `${value}`]))]
}

// REQ-176
test.each([
  [300, ['pop', 'user', 'mfa'], { statusCode: 204 }],
  [900, ['pop', 'user', 'mfa'], refused],
  [300, ['pwd'], refused],
] as const)('the example answers a log-in %i seconds ago by %j', async (secondsAgo, amr, answer) => {
  for (const authorizer of await contextsOf(secondsAgo, amr)) {
    expect(await handler({ requestContext: { authorizer } })).toMatchObject(answer)
  }
})

test('the example refuses a machine, which never logged in', async () => {
  const context = { sub: 's', client_id: 's', scope: '', sid: '', jti: 'j', acr: '', amr: '', groups: '', claims: '{}' }

  expect(await handler({ requestContext: { authorizer: { lambda: context } } })).toMatchObject(refused)
  expect(await handler({ requestContext: { authorizer: context } })).toMatchObject(refused)
})
