import { expect, test } from '@jest/globals'
import { createTestAuthorizer, rulesOf } from '../support/authorizer.ts'
import { authorizer, openGateway, route, type StubFunction } from '../support/local-gateway.ts'

const anyOf = (...groups: readonly string[]) => ['', null, null, groups]
const echo: StubFunction = (event) => ({
  statusCode: 200,
  body: JSON.stringify(event.requestContext.authorizer.lambda),
})

/** An API whose routes ask for groups, by the authorizer that the construct makes for them. */
async function setUp() {
  const routeRules = rulesOf({ api: { 'GET /admin': anyOf('admin'), 'GET /articles': anyOf('editors', 'admin') } })
  const { authorize, issueWith } = createTestAuthorizer({ routeRules })
  const byRoute = { ...authorizer, identitySources: ['$request.header.Authorization', '$context.routeKey'] }
  const routes = ['GET /admin', 'GET /articles'].map((key) => route(key, { authorizer: byRoute }))
  const gateway = await openGateway({ routes }, { authorizer: authorize, function: echo })
  const ask = (line: string, token: string) => gateway.ask(line, { authorization: `Bearer ${token}` })
  return { gateway, ask, issueWith }
}

// REQ-73
test('a token opens the routes of its groups and no others, also while the gateway remembers an answer', async () => {
  const { gateway, ask, issueWith } = await setUp()
  await using _ = gateway
  const editor = await issueWith({ groups: ['editors', 'support'] })
  const admin = await issueWith({ groups: ['admin'], claims: { tenant: 't-1' } })
  const nobody = await issueWith({})
  const statuses = async (token: string) =>
    [await ask('GET /articles', token), await ask('GET /admin', token)].map(({ status }) => status)

  for (let time = 0; time < 2; time++) {
    expect(await statuses(editor)).toEqual([200, 403])
    expect(await statuses(admin)).toEqual([200, 200])
    expect(await statuses(nobody)).toEqual([403, 403])
  }
  expect(gateway.asked('authorizer')).toBe(6)
  expect(JSON.parse((await ask('GET /admin', admin)).body)).toMatchObject({
    groups: 'admin',
    claims: '{"tenant":"t-1"}',
  })
})
