import { afterAll, expect, test } from '@jest/globals'
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway'
import { WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { Amr } from '../../functions/domain/authentication.ts'
import { randomId } from '../../functions/domain/random-id.ts'
import { createIssueAccessToken } from '../../functions/domain/tokens/access-token.ts'
import { key } from '../support/builders/service.ts'
import { createShop } from '../support/builders/shop.ts'

// localhost serves HTTP APIs only. So here is what REST and WebSocket APIs do with an authorizer, as AWS documents it:
// which one they ask is read from the synthesised template, and the function has the environment that it has there.

const { stack, auth, authorizer, resourcesOf } = createShop({
  issuer: 'https://auth.example.com',
  scopes: ['pay'],
  secondFactor: 'optional',
})
const integration = new MockIntegration()
const rest = new RestApi(stack, 'Rest', { defaultMethodOptions: { authorizer: auth.restAuthorizer() } })
const orders = rest.root.addResource('orders')
orders.addMethod('GET', integration)
orders.addMethod('PUT', integration, { authorizer: auth.restAuthorizer({ maxAge: 600 }) })
orders.addMethod('DELETE', integration, { authorizer: auth.restAuthorizer({ acr: 'mfa' }) })
orders.addMethod('POST', integration, { authorizer: auth.restAuthorizer({ scopes: ['pay'], maxAge: 600, acr: 'mfa' }) })
orders.addMethod('PATCH', integration, { authorizer: auth.restAuthorizer({ acr: 'mfa', cache: 300 }) })
orders.addMethod('HEAD', integration, { authorizer: auth.restAuthorizer({ acr: 'pwd', cache: 300 }) })
const strong = auth.restAuthorizer({ maxAge: 600, acr: 'mfa' })
orders.addResource('{id}').addMethod('ANY', integration, { authorizer: strong })
new WebSocketApi(stack, 'Chat', {
  connectRouteOptions: {
    integration: new WebSocketMockIntegration('chat'),
    authorizer: auth.webSocketAuthorizer({ maxAge: 600, acr: 'mfa', token: 'subprotocol' }),
  },
})

type Properties = Readonly<Record<string, unknown>>
type Reference = { readonly Ref: string }

const found = (type: string): ReadonlyMap<string, Properties> =>
  new Map(resourcesOf(type).map(([id, resource]) => [id, resource.Properties]))
const [restId = ''] = found('AWS::ApiGateway::RestApi').keys()
const [chatId = ''] = found('AWS::ApiGatewayV2::Api').keys()
const apiIds: Readonly<Record<string, string>> = { [restId]: 'rest123456', [chatId]: 'chat123456' }

/** A value of the template once it is deployed, as far as the authorizer has one. */
function deployed(value: unknown): string {
  if (typeof value === 'string') return value
  const { Ref, 'Fn::Join': join, 'Fn::GetAtt': attribute } = value as Properties
  if (typeof Ref === 'string') return apiIds[Ref] ?? ''
  if (Array.isArray(join)) return join[1].map(deployed).join(join[0])
  if (attribute !== undefined) return JSON.stringify({ keys: [key.jwk] })
  throw new Error(`Not understood: ${JSON.stringify(value)}`)
}

const variables = Object.entries(authorizer().variables).map(([name, value]) => [name, deployed(value)] as const)
for (const [name, value] of variables) process.env[name] = value
const { handler } = await import('../../functions/authorizer/index.ts')

// The function logs to standard output.
const { write } = process.stdout
process.stdout.write = () => true
afterAll(() => {
  process.stdout.write = write
  for (const [name] of variables) delete process.env[name]
})

const now = () => Math.floor(Date.now() / 1000)
const { ISSUER: issuer = '', AUDIENCE: audience = '' } = process.env
const issue = createIssueAccessToken({ issuer, audience, lifetime: 900 }, key.signer, now, randomId)
const tokenOf = (secondsAgo: number, amr: readonly Amr[], scope = 'pay') =>
  issue({ subject: 's', clientId: 'web', sessionId: 'sid', scope, authTime: now() - secondsAgo, amr })
const mfa = ['pwd', 'otp', 'mfa'] as const
const [freshMfa, freshPwd, staleMfa, stalePwd, passkey, withoutScope] = await Promise.all([
  tokenOf(60, mfa),
  tokenOf(60, ['pwd']),
  tokenOf(3600, mfa),
  tokenOf(3600, ['pwd']),
  tokenOf(60, ['pop', 'user', 'mfa']),
  tokenOf(60, mfa, ''),
])
const tokens = { freshMfa, freshPwd, staleMfa, stalePwd, passkey, withoutScope }
type Token = keyof typeof tokens

const arnOf = (apiId: string, request: string) =>
  `arn:aws:execute-api:eu-central-1:123456789012:${apiId}/prod/${request}`

type Statement = { readonly Effect: string; readonly Resource: string }

/** What a policy says of a request. */
function allows(answer: unknown, methodArn: string): boolean {
  const { policyDocument } = answer as { readonly policyDocument: { readonly Statement: readonly Statement[] } }
  return policyDocument.Statement.some(
    ({ Effect, Resource }) => Effect === 'Allow' && methodArn.startsWith(Resource.replace(/\*$/, '')),
  )
}

/** 200 behind the authorizer; else what API Gateway makes of its answer. */
async function statusOf(answer: Promise<unknown>, methodArn: string): Promise<number> {
  try {
    return allows(await answer, methodArn) ? 200 : 403
  } catch (error) {
    return (error as Error).message === 'Unauthorized' ? 401 : 500
  }
}

const headersWith = (headers: Readonly<Record<string, string>>) => ({
  headers,
  multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
})

/** A REST API's stage with its cache: answers are kept by authorizer and identity sources, errors are not. */
function openRest() {
  const methods = [...found('AWS::ApiGateway::Method').values()]
  const resources = found('AWS::ApiGateway::Resource')
  const authorizers = found('AWS::ApiGateway::Authorizer')
  // The root is no resource of its own, and is referred to in another way.
  const pathOf = ({ Ref = '' }: Partial<Reference>): string => {
    const { PathPart, ParentId } = resources.get(Ref) ?? {}
    return PathPart === undefined ? '' : `${pathOf(ParentId as Reference)}/${PathPart}`
  }
  const kept = new Map<string, unknown>()
  let asked = 0

  async function ask(httpMethod: string, path: string, name: Token) {
    const resource = path.replace(/^\/orders\/.+/, '/orders/{id}')
    const method = methods.find(
      ({ HttpMethod, ResourceId }) =>
        [httpMethod, 'ANY'].includes(String(HttpMethod)) && pathOf(ResourceId as Reference) === resource,
    )
    const { Ref = '' } = (method?.['AuthorizerId'] ?? {}) as Partial<Reference>
    const { Type, IdentitySource, AuthorizerResultTtlInSeconds: ttl } = authorizers.get(Ref) ?? {}
    const authorization = `Bearer ${tokens[name]}`
    const sources: Readonly<Record<string, string>> = {
      'method.request.header.Authorization': authorization,
      'context.httpMethod': httpMethod,
      'context.path': `/prod${path}`,
    }
    const identity = String(IdentitySource)
      .split(',')
      .map((source) => sources[source])
    if (identity.includes(undefined)) throw new Error(`An unknown identity source: ${IdentitySource}`)
    const methodArn = arnOf('rest123456', `${httpMethod}${path}`)
    const event =
      Type === 'TOKEN'
        ? { type: 'TOKEN', methodArn, authorizationToken: authorization }
        : {
            ...{ type: 'REQUEST', methodArn, resource, path, httpMethod },
            ...headersWith({ Authorization: authorization }),
            requestContext: { apiId: 'rest123456', httpMethod, resourcePath: resource, stage: 'prod' },
          }
    const cacheKey = JSON.stringify([Ref, identity])
    const answer = kept.has(cacheKey) ? Promise.resolve(kept.get(cacheKey)) : invoke(event)
    if (Number(ttl) > 0) await answer.then((value) => kept.set(cacheKey, value)).catch(() => undefined)
    return statusOf(answer, methodArn)
  }
  async function invoke(event: object): Promise<unknown> {
    asked += 1
    return handler(event)
  }
  return { ask, asked: () => asked }
}

// REQ-176
test.each<[string, string, Readonly<Partial<Record<Token, number>>>]>([
  ['GET', '/orders', { freshMfa: 200, freshPwd: 200, staleMfa: 200, stalePwd: 200 }],
  ['PUT', '/orders', { freshMfa: 200, freshPwd: 200, staleMfa: 401, stalePwd: 401, passkey: 200 }],
  ['DELETE', '/orders', { freshMfa: 200, freshPwd: 401, staleMfa: 200, stalePwd: 401, passkey: 200 }],
  ['POST', '/orders', { freshMfa: 200, freshPwd: 401, staleMfa: 401, stalePwd: 401, withoutScope: 403 }],
  ['PATCH', '/orders', { freshMfa: 200, freshPwd: 401, staleMfa: 200, stalePwd: 401 }],
  ['HEAD', '/orders', { freshMfa: 200, freshPwd: 200, staleMfa: 200, stalePwd: 200 }],
  ['GET', '/orders/7', { freshMfa: 200, freshPwd: 401, staleMfa: 401, stalePwd: 401, passkey: 200 }],
])('of a REST API, %s %s is open to log-ins as its options say', async (method, path, expected) => {
  const { ask } = openRest()
  const names = Object.keys(expected) as readonly Token[]
  const statuses: [Token, number][] = []
  for (const name of names) statuses.push([name, await ask(method, path, name)])

  expect(Object.fromEntries(statuses)).toEqual(expected)
})

// REQ-73, REQ-176
test('what a REST API keeps of one method, whose policy is for all, opens no other that asks for more', async () => {
  const { ask, asked } = openRest()
  const opened = [await ask('GET', '/orders', 'stalePwd'), await ask('HEAD', '/orders', 'stalePwd')]
  const again = [await ask('GET', '/orders', 'stalePwd'), await ask('HEAD', '/orders', 'stalePwd')]

  expect([opened, again, asked()]).toEqual([[200, 200], [200, 200], 2])
  for (const method of ['PUT', 'DELETE', 'POST', 'PATCH']) expect(await ask(method, '/orders', 'stalePwd')).toBe(401)
  expect(await ask('GET', '/orders/7', 'stalePwd')).toBe(401)
})

test('a REST API keeps what step-up answers only with `cache`, and never a refusal by 401', async () => {
  const { ask, asked } = openRest()
  for (const name of ['freshMfa', 'freshMfa', 'freshPwd', 'freshPwd'] as const) await ask('PATCH', '/orders', name)
  const withCache = asked()
  for (const name of ['freshMfa', 'freshMfa', 'freshPwd', 'freshPwd'] as const) await ask('DELETE', '/orders', name)

  expect([withCache, asked() - withCache]).toEqual([3, 4])
})

// REQ-176
test.each<[Token, number]>([
  ['freshMfa', 200],
  ['passkey', 200],
  ['freshPwd', 401],
  ['staleMfa', 401],
  ['stalePwd', 401],
])('a WebSocket API connects %s: %i', async (name, status) => {
  const [{ IdentitySource, AuthorizerResultTtlInSeconds: ttl } = {}] = found('AWS::ApiGatewayV2::Authorizer').values()
  const methodArn = arnOf('chat123456', '$connect')
  const event = {
    ...{ type: 'REQUEST', methodArn },
    ...headersWith({ 'Sec-WebSocket-Protocol': `bearer, ${tokens[name]}` }),
    requestContext: { apiId: 'chat123456', routeKey: '$connect', eventType: 'CONNECT', stage: 'prod' },
  }

  expect([IdentitySource, ttl]).toEqual([['route.request.header.Sec-WebSocket-Protocol'], undefined])
  expect(await statusOf(handler(event), methodArn)).toBe(status)
})
