import { describe, expect, test } from '@jest/globals'
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway'
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { Stack } from 'aws-cdk-lib/core'
import { readSettings } from '../../../infra/construct/settings/settings.ts'
import { TokenAuth } from '../../../infra/construct/token-auth.ts'
import { createShop } from '../../support/builders/shop.ts'

const issuer = 'https://auth.example.com'
const mcp = 'https://mcp.example.com/mcp'
const integration = () => new HttpUrlIntegration('mcp', 'https://orders.example.com')

function withDomain() {
  const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/abc'
  const shop = createShop()
  const stack = new Stack(shop.app, 'Own')
  const certificate = Certificate.fromCertificateArn(stack, 'Certificate', certificateArn)
  const auth = new TokenAuth(stack, 'Auth', { domain: { name: 'auth.example.com', certificate } })
  const resourcesOf = (type: string) => shop.resourcesOf(type, 'Own')
  return { stack, shop: { ...shop, auth, resourcesOf } }
}

/** The resources that wait for each other, which CDK does not notice and CloudFormation refuses. */
function circleIn(resources: Readonly<Record<string, unknown>>): readonly string[] {
  const needsOf = (value: unknown): readonly string[] => {
    if (typeof value !== 'object' || value === null) return []
    return Object.entries(value).flatMap(([key, inner]) =>
      key === 'Ref' || key === 'Fn::GetAtt' || key === 'DependsOn'
        ? [inner]
            .flat()
            .map((name) => String(name))
            .filter((name) => Object.hasOwn(resources, name))
        : needsOf(inner),
    )
  }
  const waiting = new Map(Object.entries(resources).map(([id, resource]) => [id, new Set(needsOf(resource))]))
  for (;;) {
    const ready = [...waiting].filter(([, needs]) => [...needs].every((need) => !waiting.has(need)))
    if (ready.length === 0) return [...waiting.keys()]
    for (const [id] of ready) waiting.delete(id)
  }
}

const textOf = (value: unknown): unknown => {
  if (typeof value === 'string') return value
  const parts = (value as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1]
  return parts
    .map((part) =>
      typeof part === 'string'
        ? part
        : `<${Object.values(part as object)
            .flat()
            .join('.')}>`,
    )
    .join('')
}

function variablesOf({ resourcesOf }: ReturnType<typeof createShop>, name: string) {
  const found = resourcesOf('AWS::Lambda::Function').filter(([id]) => id.startsWith(name))
  return found.map(([, { Properties }]) => {
    const { Variables } = Properties['Environment'] as { Variables: Readonly<Record<string, unknown>> }
    return Object.fromEntries(Object.entries(Variables).map(([key, value]) => [key, value]))
  })
}

describe('the setting resources', () => {
  test.each([
    [mcp, [{ url: mcp }]],
    [`${mcp}, https://tools.example.com`, [{ url: mcp }, { url: 'https://tools.example.com' }]],
    [
      [mcp, { url: 'http://localhost:3000/x', scopes: ['a'] }],
      [{ url: mcp }, { url: 'http://localhost:3000/x', scopes: ['a'] }],
    ],
    [JSON.stringify([{ url: mcp, scopes: 'a b' }]), [{ url: mcp, scopes: ['a', 'b'] }]],
    ['', []],
  ])('takes %j', (resources, expected) => {
    expect(readSettings({ resources, scopes: 'a,b' }).resources).toEqual(expected)
  })

  test('is read again as it was read', () => {
    const { resources } = readSettings({ resources: [mcp, { url: `${mcp}/2`, scopes: ['a'] }], scopes: 'a' })

    expect(readSettings({ resources, scopes: 'a' }).resources).toEqual(resources)
  })

  // REQ-194
  test.each([
    'http://mcp.example.com',
    'mcp.example.com',
    'urn:example:mcp',
    `${mcp}#tools`,
    `${mcp}?a=b`,
    'https://user:secret@mcp.example.com/',
    `${mcp}'`,
    `https://${'a'.repeat(60)}.example.com/${'b'.repeat(250)}`,
    [mcp, 'https://MCP.example.com/mcp'],
    ['https://mcp.example.com', 'https://mcp.example.com/'],
    [{ url: mcp, scopes: ['a'], scope: 'a' }],
    [{ scopes: ['a'] }],
    [7],
    '[',
    Array.from({ length: 21 }, (_, index) => `https://r${index}.example.com`),
  ])('refuses %j and says what is allowed', (resources) => {
    expect(() => readSettings({ resources, scopes: 'a' })).toThrow(
      /^Invalid settings:\n {2}resources: at most 20 different https URLs/,
    )
  })

  // REQ-204
  test.each([
    ['the issuer', { issuer: 'https://mcp.example.com/mcp' }],
    ['the audience', { audience: 'https://MCP.example.com/mcp' }],
    ['a client', { clients: [mcp] }],
  ])('refuses one that is %s', (_, others) => {
    expect(() => readSettings({ resources: mcp, ...others })).toThrow(
      'resources: none that is the issuer, the audience or a client id',
    )
  })

  test('refuses scopes that the service does not have', () => {
    expect(() => readSettings({ resources: [{ url: mcp, scopes: ['z'] }], scopes: 'a' })).toThrow(
      'resources: scopes of the setting scopes only',
    )
  })
})

describe('a protected resource of an HTTP API', () => {
  const setUp = (more: object = {}) => {
    const shop = createShop()
    const api = new HttpApi(shop.stack, 'Web')
    const resource = shop.auth.addProtectedResource(api, {
      path: '/mcp',
      scopes: ['a', 'b'],
      integration: integration(),
      ...more,
    })
    return { ...shop, shop, api, resource }
  }

  // REQ-194
  test('has an authorizer of its own that knows its URL as the audience, and the service knows it too', () => {
    const { shop } = setUp()

    expect(variablesOf(shop, 'AuthResource').map(({ ISSUER, AUDIENCE }) => [ISSUER, textOf(AUDIENCE)])).toEqual([
      [issuer, expect.stringMatching(/^<Web\w+\.ApiEndpoint>\/mcp$/)],
    ])
    const [token] = variablesOf(shop, 'Authtoken')
    expect(textOf(token?.['RESOURCES'])).toMatch(/^\[\["<Web\w+\.ApiEndpoint>\/mcp","a","b"\]\]$/)
    expect(variablesOf(shop, 'Authauthorizer').map(({ AUDIENCE }) => AUDIENCE)).toEqual([issuer])
  })

  // REQ-195
  test('serves its metadata at both addresses that clients try, open to everyone', () => {
    const { shop, propertiesOf } = setUp()
    const open = propertiesOf('AWS::ApiGatewayV2::Route').map(({ RouteKey, AuthorizationType }) => [
      RouteKey,
      AuthorizationType,
    ])

    expect(open).toEqual([
      ['GET /.well-known/oauth-protected-resource/mcp', 'NONE'],
      ['GET /.well-known/oauth-protected-resource', 'NONE'],
      ['GET /mcp', 'CUSTOM'],
      ['POST /mcp', 'CUSTOM'],
      ['DELETE /mcp', 'CUSTOM'],
    ])
    const [discovery] = variablesOf(shop, 'Authdiscovery')
    expect(textOf(discovery?.['RESOURCE_PATHS'])).toMatch(
      /^\{"<Web\w+> \/":"<Web\w+\.ApiEndpoint>\/mcp","<Web\w+> \/mcp":"<Web\w+\.ApiEndpoint>\/mcp"\}$/,
    )
  })

  test('asks for all its scopes on its route, unless it says which', () => {
    const rulesOf = (shop: ReturnType<typeof createShop>) =>
      textOf(variablesOf(shop, 'AuthResource')[0]?.['ROUTE_RULES'])

    expect(rulesOf(setUp().shop)).toMatch(
      /^\{"<Web\w+>":\{"GET \/mcp":"a b","POST \/mcp":"a b","DELETE \/mcp":"a b"\}\}$/,
    )
    expect(rulesOf(setUp({ requiredScopes: ['a'], methods: [HttpMethod.POST] }).shop)).toMatch(
      /^\{"<Web\w+>":\{"POST \/mcp":"a"\}\}$/,
    )
    expect(rulesOf(setUp({ requiredScopes: [] }).shop)).toBe('{}')
  })

  test('has a URL that is given, for an API behind a domain', () => {
    const { shop, resource } = setUp({ url: 'https://tools.example.com/mcp' })

    expect([resource.audience, resource.metadataUrl]).toEqual([
      'https://tools.example.com/mcp',
      'https://tools.example.com/.well-known/oauth-protected-resource/mcp',
    ])
    expect(variablesOf(shop, 'AuthResource').map(({ AUDIENCE }) => AUDIENCE)).toEqual(['https://tools.example.com/mcp'])
  })

  test('may stand beside others on its API; then only paths lead to their metadata', () => {
    const { shop, auth, api } = setUp({ url: 'https://tools.example.com/mcp' })
    auth.addProtectedResource(api, { path: '/files', url: 'https://tools.example.com/files' })

    const [discovery] = variablesOf(shop, 'Authdiscovery')
    const text = String(textOf(discovery?.['RESOURCE_PATHS']))
    expect(Object.keys(JSON.parse(text)).map((key) => key.split(' ')[1])).toEqual(['/mcp', '/files'])
  })

  test('is added to the API of the service in any order', () => {
    for (const isFirst of [true, false]) {
      const { stack, auth, propertiesOf } = createShop({ scopes: ['a'], resources: ['https://other.example.com/'] })
      const api = new HttpApi(stack, 'Web')
      if (!isFirst) auth.addAuthRoutes(api)
      auth.addProtectedResource(api, { path: '/mcp', integration: integration() })
      if (isFirst) auth.addAuthRoutes(api)
      const keys = propertiesOf('AWS::ApiGatewayV2::Route').map(({ RouteKey }) => String(RouteKey))

      expect(keys.filter((key) => key.includes('protected')).toSorted()).toEqual([
        'GET /.well-known/oauth-protected-resource',
        'GET /.well-known/oauth-protected-resource/mcp',
        'GET /.well-known/oauth-protected-resource/{path+}',
      ])
    }
  })

  test('learns new keys before anyone signs with them', () => {
    const { resourcesOf } = setUp()
    const functions = resourcesOf('AWS::Lambda::Function') as readonly (readonly [string, { DependsOn?: string[] }])[]
    const [id = ''] = functions.map(([name]) => name).filter((name) => name.startsWith('AuthResource'))
    const signing = functions.filter(([name]) => /^Auth(login|token|password)/.test(name))

    expect(signing.length).toBe(3)
    for (const [, { DependsOn = [] }] of signing) expect(DependsOn).toContain(id)
  })

  // REQ-194
  test.each([
    ['a path without a slash', { path: 'mcp' }, 'path: a path such as /mcp'],
    ['a path with a parameter', { path: '/mcp/{id}' }, 'path: a path such as /mcp'],
    ['a slash at the end', { path: '/mcp/' }, 'path: a path such as /mcp'],
    ['a fragment', { path: '/mcp', url: `${mcp}#a` }, 'url: an https URL without query'],
    ['plain http', { path: '/mcp', url: 'http://mcp.example.com/mcp' }, 'url: an https URL without query'],
    ['the issuer', { path: '/', url: `${issuer}/` }, 'it is the issuer or the audience'],
    ['an unknown scope', { path: '/mcp', scopes: ['z'] }, 'scopes of TokenAuth only, not z'],
  ])('refuses %s', (_, options, message) => {
    const { stack, auth } = createShop()
    const api = new HttpApi(stack, 'Web')

    expect(() => auth.addProtectedResource(api, options)).toThrow(message)
  })

  test('is there once', () => {
    const { auth, api } = setUp({ url: mcp })

    expect(() => auth.addProtectedResource(api, { path: '/other', url: mcp })).toThrow('it is a resource already')
  })

  test('needs a URL where the stage of its API has a name', () => {
    const { app, stack, auth } = createShop()
    const api = new HttpApi(stack, 'Web', { createDefaultStage: false })

    auth.addProtectedResource(api, { path: '/mcp' })

    expect(() => app.synth()).toThrow('Give the resource a url.')
  })

  // REQ-204
  test('is not the API of the service itself', () => {
    const { app, stack, auth } = createShop({ scopes: ['a'] })
    const api = new HttpApi(stack, 'Web')
    auth.addAuthRoutes(api)
    auth.addProtectedResource(api, { path: '/' })

    expect(() => app.synth()).toThrow('at / this is the API of the service')
  })

  test('is at the domain, whether or not it is there before the routes of the service', () => {
    for (const isFirst of [true, false]) {
      const { stack, shop } = withDomain()
      const api = new HttpApi(stack, 'Web')
      if (!isFirst) shop.auth.addAuthRoutes(api)
      const resource = shop.auth.addProtectedResource(api, { path: '/mcp' })
      if (isFirst) shop.auth.addAuthRoutes(api)

      expect(stack.resolve([resource.audience, resource.metadataUrl])).toEqual([
        'https://auth.example.com/mcp',
        'https://auth.example.com/.well-known/oauth-protected-resource/mcp',
      ])
      expect(variablesOf(shop, 'AuthResource').map(({ AUDIENCE }) => AUDIENCE)).toEqual([
        'https://auth.example.com/mcp',
      ])
    }
  })

  test('has an API in the stack of its TokenAuth', () => {
    const { app, auth } = createShop()
    const api = new HttpApi(new Stack(app, 'Other'), 'Web')

    expect(() => auth.addProtectedResource(api, { path: '/mcp', url: mcp })).toThrow(
      'addProtectedResource takes an API in the stack of its TokenAuth',
    )
  })

  // REQ-137
  test('has an authorizer that may do what that of the service may', () => {
    const shop = createShop({ issuer, scopes: ['a'], revocation: 'immediate' })
    shop.auth.addProtectedResource(new HttpApi(shop.stack, 'Web'), { path: '/mcp' })
    const policies = shop.resourcesOf('AWS::IAM::Policy').filter(([id]) => id.includes('authorizer'))
    const tableActions = policies.map(([, { Properties }]) => {
      const { Statement } = Properties['PolicyDocument'] as { Statement: readonly { readonly Action: string }[] }
      return Statement.map(({ Action }) => Action).filter((action) => String(action).startsWith('dynamodb:'))
    })

    expect(tableActions).toEqual([['dynamodb:GetItem'], ['dynamodb:GetItem']])
  })

  test('is watched as the authorizer of the service is', () => {
    const { resourcesOf } = setUp()
    const ids = resourcesOf('AWS::CloudWatch::Alarm')
      .map(([id]) => id)
      .filter((id) => id.includes('Resource'))

    expect(ids.map((id) => /Authorizer(Errors|Throttles)/.exec(id)?.[0])).toEqual([
      'AuthorizerErrors',
      'AuthorizerThrottles',
    ])
  })
})

describe('a protected resource of a REST API', () => {
  const setUp = (more: object = {}) => {
    const shop = createShop()
    const api = new RestApi(shop.stack, 'Rest')
    const options = { path: '/mcp', scopes: ['a', 'b'], integration: new MockIntegration(), ...more }
    return { ...shop, shop, api, resource: shop.auth.addProtectedResource(api, options) }
  }

  // REQ-195
  test('names its metadata in every refusal', () => {
    const { propertiesOf } = setUp({ url: mcp, requiredScopes: ['a'] })
    const headers = propertiesOf('AWS::ApiGateway::GatewayResponse').map(({ StatusCode, ResponseParameters }) => [
      StatusCode,
      (ResponseParameters as Record<string, string>)['gatewayresponse.header.WWW-Authenticate'],
    ])
    const metadata = 'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"'

    expect(headers).toEqual([
      ['401', `'Bearer scope="a", ${metadata}'`],
      ['403', `'Bearer error="insufficient_scope", scope="a", ${metadata}'`],
    ])
  })

  test('is at the address of its stage, without waiting for its deployment', () => {
    const { shop, resource, stack } = setUp()

    expect(textOf(stack.resolve(resource.audience))).toMatch(
      /^https:\/\/<Rest\w+>\.execute-api\.<AWS::Region>\.<AWS::URLSuffix>\/prod\/mcp$/,
    )
    expect(textOf(stack.resolve(resource.metadataUrl))).toMatch(/\/prod\/\.well-known\/oauth-protected-resource\/mcp$/)
    expect(variablesOf(shop, 'AuthResource').map(({ AUDIENCE }) => textOf(AUDIENCE))).toEqual([
      textOf(stack.resolve(resource.audience)),
    ])
  })

  test('serves its metadata to everyone, and has its authorizer on its methods', () => {
    const { propertiesOf } = setUp()
    const methods = propertiesOf('AWS::ApiGateway::Method').map(({ HttpMethod, AuthorizationType }) => [
      HttpMethod,
      AuthorizationType,
    ])

    expect(methods).toEqual([
      ['GET', 'NONE'],
      ['GET', 'NONE'],
      ['GET', 'CUSTOM'],
      ['POST', 'CUSTOM'],
      ['DELETE', 'CUSTOM'],
    ])
  })

  test('is open to agents where the API has an authorizer and a key for all else', () => {
    const { stack, auth, propertiesOf } = createShop()
    const api = new RestApi(stack, 'Rest', {
      defaultMethodOptions: { authorizer: auth.restAuthorizer(), apiKeyRequired: true },
      defaultCorsPreflightOptions: { allowOrigins: ['*'] },
    })
    auth.addProtectedResource(api, { path: '/mcp' })
    const gets = propertiesOf('AWS::ApiGateway::Method').filter(({ HttpMethod }) => HttpMethod === 'GET')

    expect(gets.map(({ AuthorizationType, ApiKeyRequired }) => [AuthorizationType, ApiKeyRequired])).toEqual([
      ['NONE', false],
      ['NONE', false],
    ])
  })

  test.each(['HTTP', 'REST'])('can be deployed: nothing waits for itself (%s)', (kind) => {
    const { app, stack, auth } = createShop({ scopes: ['a'] })
    const web = new HttpApi(stack, 'Web')
    auth.addAuthRoutes(web)
    if (kind === 'HTTP') auth.addProtectedResource(web, { path: '/mcp', scopes: ['a'], integration: integration() })
    else {
      const options = { path: '/mcp', scopes: ['a'], integration: new MockIntegration() }
      auth.addProtectedResource(new RestApi(stack, 'Rest'), options)
    }

    expect(circleIn(app.synth().getStackArtifact('Shop').template.Resources)).toEqual([])
  })

  test('is the only one of its API', () => {
    const { auth, api } = setUp()

    expect(() => auth.addProtectedResource(api, { path: '/files' })).toThrow('a REST API has one protected resource')
  })
})
