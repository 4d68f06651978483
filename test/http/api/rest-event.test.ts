import { describe, expect, test } from '@jest/globals'
import type { APIGatewayProxyEvent } from 'aws-lambda'
import { readSessionCaller } from '../../../functions/http/api/caller.ts'
import { endpoint } from '../../../functions/http/api/endpoint.ts'
import { handleMe } from '../../../functions/me/handler.ts'
import { context, readAddress } from '../../support/builders/events.ts'

const restEvent = (changes: object = {}, authorizer?: object) =>
  ({
    resource: '/sessions/{id}',
    path: '/prod/sessions/x',
    httpMethod: 'DELETE',
    headers: { 'Content-Type': 'application/json', Host: 'api.example.com' },
    multiValueHeaders: {},
    pathParameters: { id: 'x' },
    body: '{"a":1}',
    isBase64Encoded: false,
    requestContext: { requestId: 'r', identity: { sourceIp: '203.0.113.9' }, ...(authorizer && { authorizer }) },
    ...changes,
  }) as unknown as APIGatewayProxyEvent

/** The event as a handler sees it, and the line of the log. */
async function handled(event: APIGatewayProxyEvent) {
  const lines: string[] = []
  let seen: unknown
  const handle = endpoint(
    async (given) => {
      seen = given
      return { status: 200, body: {}, audit: { event: 'x', outcome: 'success' } }
    },
    (line) => lines.push(line),
  )
  await handle(event, context)
  return { seen: seen as Parameters<typeof readAddress>[0], line: JSON.parse(lines.join()) }
}

describe('a request of a REST API', () => {
  test('has its route, path parameters, headers in lower case and body', async () => {
    const { seen } = await handled(restEvent())

    expect(seen).toMatchObject({
      routeKey: 'DELETE /sessions/{id}',
      pathParameters: { id: 'x' },
      headers: { 'content-type': 'application/json', host: 'api.example.com' },
      body: '{"a":1}',
      isBase64Encoded: false,
    })
  })

  test('has the address of its caller, in the throttle and in the log', async () => {
    const { seen, line } = await handled(restEvent())

    expect([readAddress(seen), line.source_ip, line.request_id]).toEqual(['203.0.113.9', '203.0.113.9', 'r'])
  })

  // REQ-76
  test('has the caller that its Lambda authorizer names', async () => {
    const { seen } = await handled(restEvent({}, { principalId: 's', sub: 's', sid: 'i', client_id: 'web', scope: '' }))

    expect(readSessionCaller(seen)).toEqual({ sub: 's', sid: 'i' })
    expect(await handleMe(seen)).toMatchObject({ body: { sub: 's', client_id: 'web', scope: '' } })
  })

  // REQ-76
  test.each([[undefined], [{}], [{ claims: { sub: 's', sid: 'i' } }], [{ sub: 's', sid: 'i', claims: { sub: 's' } }]])(
    'has no session of ours with the authorizer %j',
    async (authorizer) => {
      const { seen } = await handled(restEvent({}, authorizer))

      expect(() => readSessionCaller(seen)).toThrow('no authorizer in front of it')
    },
  )

  test('may have no body and no headers', async () => {
    const { seen } = await handled(restEvent({ body: null, headers: null, pathParameters: null }))

    expect([seen.body, seen.headers, seen.pathParameters]).toEqual([undefined, {}, undefined])
  })
})
