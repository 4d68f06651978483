import { expect, test } from '@jest/globals'
import { handleMe } from '../../functions/me/handler.ts'
import { httpEvent } from '../support/builders/events.ts'

const behindAuthorizer = (lambda: object | undefined) => {
  const event = httpEvent('GET /me', {
    headers: { 'x-sub': 'forged', authorization: 'Bearer e30.eyJzdWIiOiJmb3JnZWQifQ.x' },
  })
  return { ...event, requestContext: { ...event.requestContext, ...(lambda && { authorizer: { lambda } }) } }
}

// REQ-76
test('the caller is whom the authorizer names, whatever the headers say', async () => {
  const context = { sub: 's', client_id: 'web', scope: 'a b', sid: 'x', jti: 'y' }

  expect(await handleMe(behindAuthorizer(context))).toMatchObject({
    status: 200,
    body: { sub: 's', client_id: 'web', scope: 'a b' },
  })
})

test("the caller is whom API Gateway's own authorizer has verified", async () => {
  const event = httpEvent('GET /me')
  const jwt = { claims: { sub: 's', client_id: 'web', scope: 'a b', iat: '1' }, scopes: null }
  const requestContext = { ...event.requestContext, authorizer: { jwt } }

  expect(await handleMe({ ...event, requestContext })).toMatchObject({
    status: 200,
    body: { sub: 's', client_id: 'web', scope: 'a b' },
  })
})

test('a caller without scope is a caller', async () => {
  expect(await handleMe(behindAuthorizer({ sub: 's', client_id: 'web', scope: '' }))).toMatchObject({ status: 200 })
})

test.each([
  [undefined],
  [{}],
  [{ sub: '', client_id: 'web', scope: '' }],
  [{ sub: 's', scope: '' }],
  [{ sub: 's', client_id: 'c' }],
])('a route without its authorizer is a fault: %j', async (lambda) => {
  await expect(handleMe(behindAuthorizer(lambda))).rejects.toThrow('no authorizer')
})
