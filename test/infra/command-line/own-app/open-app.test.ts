import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readEndpoints } from '../../../../infra/command-line/own-app/app-line.ts'
import { createGateways } from '../../../../infra/command-line/own-app/gateways.ts'
import { createListeners, httpApisOf } from '../../../../infra/command-line/own-app/listeners.ts'
import { openApp } from '../../../../infra/command-line/own-app/open-app.ts'
import { addressesOf, reportApis, reportLeftOut, trialPath } from '../../../../infra/command-line/own-app/report.ts'
import { openValues } from '../../../../infra/command-line/own-app/values-file.ts'
import type { Resource } from '../../../../infra/local/template/template.ts'
import { newFolder } from '../../../support/local-aws.ts'
import { api, function_, ownTemplate, policy, route } from '../../../support/own-stack.ts'

/** An app whose stack is served, each API at an address of its own. */
async function serve(more: Readonly<Record<string, Resource | undefined>> = {}, endpoints: readonly string[] = []) {
  await using opened = new AsyncDisposableStack()
  const lines: string[] = []
  const log = (source: string, line: string) => void lines.push(`${source}: ${line}`)
  const template = ownTemplate(more)
  const assembly = { name: 'Shop', template, assetFolder: () => undefined, [Symbol.asyncDispose]: async () => {} }
  const listeners = opened.use(createListeners(0, []))
  const addresses = await listeners.open(httpApisOf(template))
  const data = newFolder()
  const options = { data, folder: data, endpoints: readEndpoints(endpoints), addresses, principals: [], log }
  const app = opened.use(await openApp(assembly, options))
  listeners.serve(createGateways(app.apis, { invoke: app.invoke, clock: () => Date.now() / 1000, log }))
  const kept = opened.move()
  return {
    ...{ app, data, lines, addresses },
    ask: async (path: string, token = 'yes', id = 'Api') => {
      const answer = await fetch(`${addresses.get(id)}${path}`, { headers: token ? { authorization: token } : {} })
      return [answer.status, await answer.text()]
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

const calls = (service: string): Resource =>
  function_({
    Code: {
      ZipFile: `exports.handler = async () => {
        const Credential = process.env.AWS_ACCESS_KEY_ID + '/20261128/us-east-1/${service}/aws4_request'
        const authorization = 'AWS4-HMAC-SHA256 Credential=' + Credential + ', SignedHeaders=host, Signature=0'
        const answer = await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST', headers: { authorization, 'x-amz-target': 'X.Y' } })
        return { status: answer.status, queue: process.env.QUEUE, s3: process.env.AWS_ENDPOINT_URL_S3 }
      }`,
    },
    Environment: { Variables: { QUEUE: { Ref: 'Queue' } } },
  })
const Queue: Resource = { Type: 'AWS::SQS::Queue' }

describe("someone's app on localhost", () => {
  test('answers behind its authorizer, and only there', async () => {
    await using served = await serve()

    expect(await served.ask('/orders')).toEqual([200, 'orders'])
    expect(await served.ask('/orders', 'no')).toEqual([403, '{"message":"Forbidden"}'])
    expect(await served.ask('/orders', '')).toEqual([401, '{"message":"Unauthorized"}'])
    expect(await served.ask('/nothing')).toEqual([404, '{"message":"Not Found"}'])
  })

  test('has an address for each API', async () => {
    await using served = await serve(api('Admin'))

    expect(new Set(served.addresses.values()).size).toBe(2)
    expect(await served.ask('/orders', 'yes', 'Admin')).toEqual([200, 'orders'])
    expect(reportApis(served.app.apis)).toMatch(/^ {2}Api: http:\/\/localhost:\d+\n {2}Admin: http:\/\/localhost:\d+\n/)
  })

  test('names a path that takes the token of a log-in, and none of a resource', () => {
    const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:Shop-${name}`
    const guarded = (key: string, guard: string, functionArn = arn('Orders0F')) => ({
      ...{ key, functionArn },
      authorizer: { id: 'a', functionArn: arn(guard), identitySources: [], resultTtl: 0 },
    })
    const byItself = (key: string, audience: string, scopes: readonly string[] = []) => ({
      ...{ key, functionArn: arn('Orders0F') },
      jwtAuthorizer: { identitySource: '', issuer: 'http://localhost:3000', audiences: [audience], scopes },
    })
    const refused = [
      { key: 'GET /open', functionArn: arn('Orders0F') },
      guarded('GET /sessions', 'Authauthorizer0123ABCD', arn('Authsessions0123ABCD')),
      guarded('GET /mcp', 'AuthResourceApimcpauthorizer0123ABCD'),
      guarded('GET /orders/{id}', 'Authauthorizer0123ABCD'),
      byItself('GET /files', 'http://localhost:3000/files'),
      byItself('GET /scoped', 'http://localhost:3000', ['a']),
    ]
    const pathOf = (...routes: typeof refused) =>
      trialPath({ api: { routes: [...refused, ...routes] }, adminFunction: 'Shop-Authadmin0123ABCD' })

    expect(pathOf()).toBe('/sessions')
    expect(pathOf(guarded('GET /orders', 'Authauthorizer0123ABCD'))).toBe('/orders')
    expect(pathOf(byItself('ANY /basket', 'http://localhost:3000'))).toBe('/basket')
  })

  test('has stages with names below its address', async () => {
    const Live: Resource = {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: 'Api' }, StageName: 'live' },
    }
    const Orders = function_({
      Code: { ZipFile: 'exports.handler = async ({ rawPath, requestContext: { stage } }) => ({ rawPath, stage })' },
    })
    await using served = await serve({ Live, Orders })

    expect(await served.ask('/live/orders')).toEqual([200, '{"rawPath":"/live/orders","stage":"live"}'])
    expect(await served.ask('/orders')).toEqual([200, '{"rawPath":"/orders","stage":"$default"}'])
    expect((await served.ask('/live/live/orders'))[0]).toBe(404)
    expect(addressesOf(served.app.apis)['Api']).toHaveLength(2)
  })

  // REQ-72
  test('says behind the authorizer why a route is not served', async () => {
    await using served = await serve({ Orders: function_({ Runtime: 'python3.13' }) })

    expect((await served.ask('/orders', ''))[0]).toBe(401)
    expect((await served.ask('/orders', 'no'))[0]).toBe(403)
    expect(await served.ask('/orders')).toEqual([
      501,
      '{"message":"Not served on localhost: python3.13 does not run here"}',
    ])
  })

  test('gets no further than this machine by a service that is not served', async () => {
    await using served = await serve({ Queue, Orders: calls('sqs') }, ['s3=http://localhost:9000'])
    const [, body] = await served.ask('/orders')

    expect(JSON.parse(String(body))).toEqual({
      status: 501,
      queue: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/000000000000\/Shop-Queue$/),
      s3: 'http://127.0.0.1:9000',
    })
    expect(served.lines).toContainEqual(expect.stringMatching(/^aws: Orders called sqs, .* --endpoint sqs=URL$/))
    expect(reportLeftOut(served.app.leftOut)).toMatch(/^Not served here:\n {2}Queue \(AWS::SQS::Queue\): /)
  })

  test('sends a queue to where its service is', async () => {
    await using served = await serve({ Queue, Orders: calls('sqs') }, ['sqs=http://127.0.0.1:9324'])
    const [, body] = await served.ask('/orders')

    expect(JSON.parse(String(body)).queue).toBe('http://127.0.0.1:9324/000000000000/Shop-Queue')
  })

  test('asks its owner for the values that are missing, in a file', async () => {
    const Resource = 'arn:aws:ssm:us-east-1:000000000000:parameter/shop/greeting'
    await using served = await serve({ Policy: policy({ Effect: 'Allow', Action: 'ssm:GetParameter', Resource }) })
    const { missing, valuesFile } = served.app

    expect([missing, valuesFile]).toEqual([['parameters /shop/greeting'], join(served.data, 'values.json')])
    expect(JSON.parse(readFileSync(valuesFile, 'utf8'))).toEqual({ parameters: { '/shop/greeting': null } })
  })
})

test('the API with the log-in comes first', () => {
  const login = route('Auth', 'AuthIntegration', {
    RouteKey: 'POST /login',
    AuthorizationType: 'NONE',
    AuthorizerId: undefined,
  })

  expect(httpApisOf(ownTemplate({ ...api('Auth'), AuthLogin: login }))).toEqual(['Auth', 'Api'])
})

describe('the file of values', () => {
  test('keeps what its owner has written', () => {
    const data = newFolder()
    const file = join(data, 'values.json')
    writeFileSync(file, '{"secrets":{"key":{"user":"ada"},"empty":""}}')
    const values = openValues(data)

    expect(['key', 'empty', 'other'].map((name) => values.find('secrets', name))).toEqual([
      '{"user":"ada"}',
      '',
      undefined,
    ])
    expect(values.tellMissing()).toEqual(['secrets other'])
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      secrets: { other: null, key: { user: 'ada' }, empty: '' },
    })
  })

  test.each(['{', '[]', '{"secrets":1}', '{"other":{}}'])('is named where it cannot be read: %s', (text) => {
    const data = newFolder()
    writeFileSync(join(data, 'values.json'), text)

    expect(() => openValues(data)).toThrow(/values\.json cannot be read/)
  })
})

describe('--endpoint', () => {
  test('leads a service elsewhere', () => {
    expect(readEndpoints(['s3=http://localhost:9000/', 'SQS=http://queue.test'])).toEqual({
      s3: 'http://127.0.0.1:9000',
      sqs: 'http://queue.test',
    })
  })

  test.each([
    ['s3', /takes SERVICE=URL/],
    ['s3=', /takes SERVICE=URL/],
    ['s3=file:///x', /takes SERVICE=URL/],
    ['s3=localhost:9000', /takes SERVICE=URL/],
    ['dynamodb=http://127.0.0.1:8000', /dynamodb is served here already/],
    ['s3=https://s3.eu-central-1.amazonaws.com', /is AWS itself/],
    ['s3=https://S3.amazonaws.com./', /is AWS itself/],
    ['s3=https://bucket.s3.dualstack.us-east-1.amazonaws.com.cn', /is AWS itself/],
    ['sqs=https://sqs.us-east-1.api.aws', /is AWS itself/],
  ])('%s is refused', (given, sentence) => {
    expect(() => readEndpoints([given])).toThrow(sentence)
  })
})
