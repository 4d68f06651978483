import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { describe, expect, test } from '@jest/globals'
import { createInvokeFunction } from '../../../functions/adapters/lambda/invoke.ts'

const functionName = 'arn:aws:lambda:eu-west-1:123456789012:function:old-users'
const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'a secret key', sessionToken: 'a session' }
const client = new DynamoDBClient({ region: 'eu-central-1', credentials })
const payload = { password: 'correct horse battery staple' }

type Received = { readonly url: string; readonly headers: IncomingMessage['headers']; readonly body: string }
type Respond = (response: ServerResponse) => void

/** A stand-in for Lambda, with all that it was sent. */
async function startLambda(respond: Respond) {
  const received: Received[] = []
  const connections = new Set<unknown>()
  const server = createServer(async (request, response) => {
    const { url = '', headers, socket } = request
    connections.add(socket)
    received.push({ url, headers, body: await text(request) })
    respond(response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const environment = { AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  const invoke = (name = functionName, timeLimit = 5000) =>
    createInvokeFunction({ functionName: name, client, environment, timeLimit })(payload)
  return { received, connections, invoke, [Symbol.asyncDispose]: close }
}

const answer =
  (status: number, body = '', headers: Readonly<Record<string, string>> = {}): Respond =>
  (response) =>
    response.writeHead(status, headers).end(body)

const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()
const hash = (data: string) => createHash('sha256').update(data).digest('hex')
const authorization = /Credential=[^/]+\/(\S+), SignedHeaders=(\S+), Signature=(\w+)$/

/** Whether the signature is what AWS computes of what it received ("Signature Version 4"). */
function isGenuine({ url, headers, body }: Received): boolean {
  const [, scope = '', names = '', signature] = authorization.exec(`${headers.authorization}`) ?? []
  const path = url.split('/').map(encodeURIComponent).join('/')
  const signed = names.split(';').map((name) => `${name}:${headers[name]}\n`)
  const request = ['POST', path, '', signed.join(''), names, hash(body)].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hash(request)].join('\n')
  const key = scope.split('/').reduce<string | Buffer>(hmac, 'AWS4a secret key')
  return hmac(key, toSign).toString('hex') === signature
}

describe('an invocation', () => {
  test('is a signed request to the Region of the function, each on a connection of its own', async () => {
    await using lambda = await startLambda(answer(200, '{"a":1}'))
    expect(await lambda.invoke()).toEqual({ ok: true, value: { a: 1 } })
    await lambda.invoke('migrate')

    const [byArn, byName] = lambda.received
    expect(byArn?.url).toBe(`/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`)
    expect(byArn?.headers.authorization).toMatch(/Credential=AKIATEST\/\d{8}\/eu-west-1\/lambda\/aws4_request,/)
    expect(byName?.headers.authorization).toMatch(/Credential=AKIATEST\/\d{8}\/eu-central-1\/lambda\/aws4_request,/)
    expect(lambda.received.map(isGenuine)).toEqual([true, true])
    expect(lambda.received.map(({ body }) => JSON.parse(body))).toEqual([payload, payload])
    expect(lambda.connections.size).toBe(2)
  })

  test('tells an error of the function from what it returns', async () => {
    const body = '{"errorType":"Error","errorMessage":"Bad password"}'
    await using lambda = await startLambda(answer(200, body, { 'x-amz-function-error': 'Unhandled' }))

    const failure = { reason: 'function_error', type: 'Error', message: 'Bad password' }
    expect(await lambda.invoke()).toEqual({ ok: false, failure })
  })
})

// REQ-122, REQ-131
describe('an invocation that Lambda does not carry out is an outage, tried once, that says nothing of its payload:', () => {
  const echo = JSON.stringify(payload)
  test.each<[string, Respond, number]>([
    ['a function that does not exist', answer(404, echo, { 'x-amzn-errortype': 'ResourceNotFoundException' }), 5000],
    ['a role that may not', answer(403, echo), 5000],
    ['a throttle', answer(429, echo), 5000],
    ['an internal error', answer(500, echo), 5000],
    ['a redirect', answer(307, echo, { location: 'http://127.0.0.1:1' }), 5000],
    ['an answer that is not JSON', answer(200, '{'), 5000],
    ['a broken connection', (response) => response.destroy(), 5000],
    ['no answer', () => undefined, 500],
    ['an answer that does not end', (response) => response.writeHead(200).write('{'), 500],
  ])('%s', async (_, respond, timeLimit) => {
    await using lambda = await startLambda(respond)

    expect(await lambda.invoke(functionName, timeLimit)).toEqual({ ok: false, failure: { reason: 'unavailable' } })
    expect(lambda.received).toHaveLength(1)
  })
})
