import { describe, expect, test } from '@jest/globals'
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions'
import { type CfnStage, CorsHttpMethod, HttpApi, HttpMethod, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { type App, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib/core'
import { ensureBundled } from '../../../infra/build/ensure-bundled.ts'
import { TokenAuth } from '../../../infra/construct/token-auth.ts'
import type { TokenAuthProps } from '../../../infra/construct/token-auth-props.ts'
import { templateApp } from '../../support/builders/template-app.ts'

async function setUp(props?: TokenAuthProps) {
  await ensureBundled()
  const app = templateApp()
  const stack = new Stack(app, 'Shop')
  const auth = new TokenAuth(stack, 'Auth', props)
  const synthesise = (): Record<string, { Type: string; Properties: Record<string, unknown> }> =>
    app.synth().getStackArtifact('Shop').template.Resources
  const propertiesOf = (type: string) =>
    Object.values(synthesise())
      .filter(({ Type }) => Type === type)
      .map(({ Properties }) => Properties)
  return { stack, auth, synthesise, propertiesOf }
}

const orders = (path: string) => ({
  path,
  methods: [HttpMethod.GET],
  integration: new HttpUrlIntegration('orders', 'https://orders.example.com'),
})

describe("an API of one's own", () => {
  test('gets log-in, refresh, log-out and discovery, open even if it closes all other routes by default', async () => {
    const { stack, auth, propertiesOf } = await setUp()
    const api = new HttpApi(stack, 'Api', { defaultAuthorizer: auth.httpAuthorizer() })
    auth.addAuthRoutes(api)
    api.addRoutes(orders('/orders'))

    expect(
      propertiesOf('AWS::ApiGatewayV2::Route').map((route) => [route['RouteKey'], route['AuthorizationType']]),
    ).toEqual([
      ['GET /.well-known/jwks.json', 'NONE'],
      ['GET /.well-known/openid-configuration', 'NONE'],
      ['GET /.well-known/oauth-authorization-server', 'NONE'],
      ['POST /login', 'NONE'],
      ['POST /password', 'CUSTOM'],
      ['POST /revoke', 'NONE'],
      ['GET /sessions', 'CUSTOM'],
      ['DELETE /sessions', 'CUSTOM'],
      ['DELETE /sessions/{id}', 'CUSTOM'],
      ['POST /token', 'NONE'],
      ['GET /orders', 'CUSTOM'],
    ])
  })

  test('has one authorizer, however many routes ask for it', async () => {
    const { stack, auth, propertiesOf } = await setUp({ authorizerCache: 0 })
    const api = new HttpApi(stack, 'Api')
    auth.addAuthRoutes(api)
    api.addRoutes({ ...orders('/orders'), authorizer: auth.httpAuthorizer() })
    api.addRoutes({ ...orders('/invoices'), authorizer: auth.httpAuthorizer() })

    expect(propertiesOf('AWS::ApiGatewayV2::Authorizer')).toEqual([
      expect.objectContaining({ AuthorizerResultTtlInSeconds: 0 }),
    ])
  })

  test('has an authorizer to itself where there are two', async () => {
    const { stack, auth, propertiesOf } = await setUp({ issuer: 'https://auth.example.com' })
    for (const id of ['Shop', 'Back']) {
      new HttpApi(stack, id).addRoutes({ ...orders('/orders'), authorizer: auth.httpAuthorizer() })
    }
    const apis = propertiesOf('AWS::ApiGatewayV2::Authorizer').map(({ ApiId }) => ApiId)

    expect(apis).toEqual([{ Ref: expect.stringMatching(/^Shop/) }, { Ref: expect.stringMatching(/^Back/) }])
  })
})

test('the first API is the issuer until one is set', async () => {
  const { stack, auth, synthesise } = await setUp()
  for (const id of ['First', 'Second']) auth.addAuthRoutes(new HttpApi(stack, id))
  const login = Object.values(synthesise()).find(({ Properties }) => Properties['MemorySize'] === 1024)

  expect(login?.Properties['Environment']).toMatchObject({
    Variables: { ISSUER: { 'Fn::GetAtt': [expect.stringMatching(/^First/), 'ApiEndpoint'] } },
  })
})

test('without an issuer and without an API there is nothing to deploy', async () => {
  const { synthesise } = await setUp()

  expect(synthesise).toThrow('Set `issuer` or call `addAuthRoutes(api)`: without either no token has an issuer.')
})

// REQ-140
test('a bad prop is named with what is allowed', async () => {
  await expect(setUp({ accessTokenLifetime: 7200, signingGeneration: '2' })).rejects.toThrow(
    'Invalid settings:\n' +
      '  accessTokenLifetime: whole seconds from 60 to 3600, not 7200\n' +
      '  signingGeneration: one of the generations, not "2"',
  )
})

describe('a duration', () => {
  const issuer = 'https://auth.example.com'
  const variablesOf = (propertiesOf: (type: string) => Record<string, unknown>[]) =>
    Object.assign({}, ...propertiesOf('AWS::Lambda::Function').map(({ Environment }) => Object(Environment).Variables))

  test("may be CDK's own or a number of seconds", async () => {
    const given = await setUp({
      issuer,
      accessTokenLifetime: Duration.minutes(5),
      refreshGrace: Duration.seconds(30),
      sessionIdleLimit: Duration.days(7),
      sessionLimit: 864_000,
      authorizerCache: Duration.minutes(2),
    })
    new HttpApi(given.stack, 'Api').addRoutes({
      ...orders('/orders'),
      authorizer: given.auth.httpAuthorizer({ maxAge: Duration.minutes(10), cache: Duration.seconds(7) }),
    })

    expect(variablesOf(given.propertiesOf)).toMatchObject({
      ACCESS_TOKEN_LIFETIME: '300',
      REFRESH_GRACE: '30',
      SESSION_IDLE_LIMIT: '604800',
      SESSION_LIMIT: '864000',
      ROUTE_RULES: expect.anything(),
    })
    expect(JSON.stringify(variablesOf(given.propertiesOf)['ROUTE_RULES'])).toContain('600')
    expect(given.propertiesOf('AWS::ApiGatewayV2::Authorizer')).toMatchObject([{ AuthorizerResultTtlInSeconds: 7 }])
  })

  // REQ-140
  test.each([
    [Duration.minutes(90), 'not 1 hour 30 minutes'],
    [Duration.seconds(59), 'not 59 seconds'],
    [Duration.millis(60_500), 'not 1 minute'],
    [Duration.seconds(Lazy.number({ produce: () => 900 })), 'not a duration that is known only at deploy'],
  ])('that cannot be is named with what is allowed: %s', async (accessTokenLifetime, complaint) => {
    await expect(setUp({ accessTokenLifetime })).rejects.toThrow(
      `accessTokenLifetime: whole seconds from 60 to 3600, ${complaint}`,
    )
  })

  test('of another copy of CDK works too', async () => {
    const other: Duration = Object.create({ toSeconds: () => 120, isUnresolved: () => false })
    const { propertiesOf } = await setUp({ issuer, accessTokenLifetime: other })

    expect(variablesOf(propertiesOf)).toMatchObject({ ACCESS_TOKEN_LIFETIME: '120' })
  })
})

test('what no one chose to lose is kept', async () => {
  const { propertiesOf } = await setUp({ issuer: 'https://auth.example.com' })

  expect(propertiesOf('AWS::DynamoDB::GlobalTable')).toMatchObject([
    {
      Replicas: [
        { DeletionProtectionEnabled: false, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
      ],
    },
  ])
})

test('what holds data keeps its logical id from release to release, or an upgrade would replace it', async () => {
  const { synthesise } = await setUp({ issuer: 'https://auth.example.com', secondFactor: 'optional' })
  const kept = ['AWS::DynamoDB::GlobalTable', 'AWS::KMS::Key', 'Custom::Jwks']
  const ids = Object.entries(synthesise()).flatMap(([id, { Type }]) => (kept.includes(Type) ? [id] : []))

  expect(ids.sort()).toEqual([
    'AuthFactorKeyEEF75052',
    'AuthKeysJwkSetD8533B66',
    'AuthKeyskey19A48DA1A',
    'AuthTable60C69E80',
  ])
})

test('an admin may call the admin function and nothing else', async () => {
  const { stack, auth, propertiesOf } = await setUp({ issuer: 'https://auth.example.com' })
  auth.grantAdmin(new Role(stack, 'Support', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }))
  const ofSupport = propertiesOf('AWS::IAM::Policy').filter(({ PolicyName }) => `${PolicyName}`.startsWith('Support'))
  const arn = { 'Fn::GetAtt': [expect.stringMatching(/^Authadmin/), 'Arn'] }

  expect(ofSupport.map(({ PolicyDocument }) => PolicyDocument)).toEqual([
    {
      Version: '2012-10-17',
      Statement: [
        { Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: [arn, { 'Fn::Join': ['', [arn, ':*']] }] },
      ],
    },
  ])
})

// REQ-20, REQ-28
test.each([
  ['accountFailures', 'accountFailures is 0: nothing stops anyone from guessing the password of an account.'],
  ['addressFailures', 'addressFailures is 0: nothing stops one address from trying the passwords of all accounts.'],
])('a throttle that is off is warned of where accounts are meant to last: %s', async (name, warning) => {
  const warningsOf = async (props: TokenAuthProps) => {
    const { stack } = await setUp({ issuer: 'https://auth.example.com', ...props })
    return Annotations.fromStack(stack).findWarning('*', Match.anyValue())
  }
  const [lasting, passing, limited] = [
    await warningsOf({ [name]: 0 }),
    await warningsOf({ [name]: 0, removalPolicy: RemovalPolicy.DESTROY }),
    await warningsOf({}),
  ]

  expect(lasting.map(({ entry }) => entry.data)).toEqual([`${warning} [ack: latchkey:${name}]`])
  expect([passing, limited]).toEqual([[], []])
})

// REQ-31, REQ-198
describe('a warning', () => {
  const issuer = 'https://auth.example.com'
  const executeApi = 'https://a1b2c3.execute-api.eu-central-1.amazonaws.com'
  const short =
    'minimumPasswordLength is 8: fewer than 15 are enough only where secondFactor is required. ' +
    '[ack: latchkey:minimumPasswordLength]'
  const stuck = expect.stringMatching(
    /^Passkeys are bound to API Gateway's own address.*\[ack: latchkey:passkeyHost\]$/,
  )

  test.each<[string, TokenAuthProps, readonly unknown[]]>([
    ['of short passwords as the only factor', { issuer, minimumPasswordLength: 8 }, [short]],
    [
      'of short passwords that may be the only factor',
      { issuer, minimumPasswordLength: 8, secondFactor: 'optional' },
      [short],
    ],
    ['of passkeys without a domain', { secondFactor: 'optional' }, [stuck]],
    ['of passkeys at an address of API Gateway', { issuer: executeApi, secondFactor: 'required' }, [stuck]],
    [
      'of passkeys for a name of API Gateway',
      { rpId: 'a1b2c3.execute-api.eu-central-1.amazonaws.com', secondFactor: 'optional' },
      [stuck],
    ],
    [
      'not of short passwords beside a second factor',
      { issuer, minimumPasswordLength: 8, secondFactor: 'required' },
      [],
    ],
    ['not of passwords of 15 characters', { issuer, minimumPasswordLength: 15 }, []],
    ['not of passkeys at an issuer of its own', { issuer, secondFactor: 'optional' }, []],
    [
      "not of passkeys of the owner's pages",
      { secondFactor: 'optional', rpId: 'example.com', passkeyOrigins: ['https://app.example.com'] },
      [],
    ],
  ])('is given %s, where accounts are meant to last', async (_, props, expected) => {
    const warningsOf = async (given: TokenAuthProps) => {
      const { stack, auth } = await setUp(given)
      auth.addAuthRoutes(new HttpApi(stack, 'Api'))
      return Annotations.fromStack(stack)
        .findWarning('*', Match.anyValue())
        .map(({ entry }) => entry.data)
    }

    expect(await warningsOf(props)).toEqual(expected)
    expect(await warningsOf({ ...props, removalPolicy: RemovalPolicy.DESTROY })).toEqual([])
  })
})

// REQ-198
describe('the stage of an API with log-in', () => {
  const access = 'AWS::ApiGatewayV2::Stage'
  const warningsOf = (stack: Stack) => Annotations.fromStack(stack).findWarning('*', Match.anyValue())

  test('has the limits of its routes and an access log', async () => {
    const { stack, auth, propertiesOf } = await setUp({ selfRegistration: true })
    const api = new HttpApi(stack, 'Api')
    auth.addAuthRoutes(api)

    expect(propertiesOf(access)).toEqual([
      expect.objectContaining({
        RouteSettings: {
          'POST /login': { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 500 },
          'POST /password': { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
          'POST /register': { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
        },
        AccessLogSettings: {
          DestinationArn: { 'Fn::GetAtt': [expect.stringMatching(/^Auth.*Log/), 'Arn'] },
          Format: expect.stringContaining('"claimsSub":"$context.authorizer.claims.sub"'),
        },
      }),
    ])
    expect(warningsOf(stack)).toEqual([])
  })

  test('keeps an access log of its own', async () => {
    const { stack, auth, propertiesOf } = await setUp()
    const api = new HttpApi(stack, 'Api')
    const stage = api.defaultStage?.node.defaultChild as CfnStage
    stage.accessLogSettings = { destinationArn: 'arn:mine', format: '$context.requestId' }
    auth.addAuthRoutes(api)

    expect(propertiesOf(access)).toMatchObject([{ AccessLogSettings: { DestinationArn: 'arn:mine' } }])
  })

  test('that its owner makes is not changed, and there is a warning', async () => {
    const { stack, auth, synthesise } = await setUp({ issuer: 'https://auth.example.com' })
    const api = new HttpApi(stack, 'Api', { createDefaultStage: false })
    auth.addAuthRoutes(api)
    new HttpStage(stack, 'Stage', { httpApi: api, stageName: 'prod', autoDeploy: true })
    synthesise()

    expect(warningsOf(stack).map(({ entry }) => entry.data)).toEqual([
      expect.stringContaining('the limits of log-in and an access log are not set'),
    ])
  })

  test('gives two APIs an access log each', async () => {
    const { stack, auth, propertiesOf } = await setUp({ issuer: 'https://auth.example.com' })
    for (const id of ['First', 'Second']) auth.addAuthRoutes(new HttpApi(stack, id))
    const logs = propertiesOf(access).map(({ AccessLogSettings }) => JSON.stringify(AccessLogSettings))

    expect(new Set(logs).size).toBe(2)
  })
})

test('a stack tells by an output which function runs the admin commands', async () => {
  const { stack, auth } = await setUp({ issuer: 'https://auth.example.com' })
  const outputs = Template.fromStack(stack).findOutputs('*')

  expect(auth.adminFunction).toBeDefined()
  expect(Object.entries(outputs)).toEqual([
    [
      expect.stringMatching(/^AuthAdminFunctionName/),
      expect.objectContaining({ Value: { Ref: expect.stringMatching(/^Authadmin/) } }),
    ],
  ])
})

// REQ-198
describe('an API that cannot have log-in is refused in one sentence', () => {
  const issuer = 'https://auth.example.com'

  test('an imported one', async () => {
    const { stack, auth } = await setUp({ issuer })
    const api = HttpApi.fromHttpApiAttributes(stack, 'Api', { httpApiId: 'abc' })

    expect(() => auth.addAuthRoutes(api as HttpApi)).toThrow('takes an HttpApi that this app makes')
  })

  test('one in another stack', async () => {
    const { stack, auth } = await setUp({ issuer })
    const api = new HttpApi(new Stack(stack.node.scope as App, 'Other'), 'Api')

    expect(() => auth.addAuthRoutes(api)).toThrow('takes an API in the stack of its TokenAuth')
  })

  test('one that has it already', async () => {
    const { stack, auth } = await setUp({ issuer })
    const api = new HttpApi(stack, 'Api')
    auth.addAuthRoutes(api)

    expect(() => auth.addAuthRoutes(api)).toThrow('has the routes of a TokenAuth already')
  })

  test('one whose own address would have the name of a stage', async () => {
    const { stack, auth, synthesise } = await setUp()
    const api = new HttpApi(stack, 'Api', { createDefaultStage: false })
    auth.addAuthRoutes(api)
    new HttpStage(stack, 'Stage', { httpApi: api, stageName: 'prod', autoDeploy: true })

    expect(synthesise).toThrow('Set `issuer`: Shop/Api has no stage $default')
  })

  test('one whose address ends in a slash', async () => {
    const { stack, synthesise } = await setUp({ issuer })
    const api = new HttpApi(stack, 'Api')
    new TokenAuth(stack, 'Second', { issuer: `${api.url}` }).addAuthRoutes(api)

    expect(synthesise).toThrow('`issuer` must not end with a slash')
  })

  test('but one behind a path of its domain works', async () => {
    const { stack, auth, propertiesOf } = await setUp({ issuer: 'https://api.example.com/auth' })
    auth.addAuthRoutes(new HttpApi(stack, 'Api'))

    expect(JSON.stringify(propertiesOf('AWS::Lambda::Function'))).toContain('"ISSUER":"https://api.example.com/auth"')
  })
})

describe('a route of an API with CORS', () => {
  const closedPreflights = async (add: (api: HttpApi, auth: TokenAuth) => void, cors = true) => {
    const { stack, auth, synthesise } = await setUp({ issuer: 'https://auth.example.com' })
    const corsPreflight = { allowOrigins: ['https://app.example.com'], allowMethods: [CorsHttpMethod.GET] }
    const api = new HttpApi(stack, 'Api', cors ? { corsPreflight } : {})
    add(api, auth)
    synthesise()
    return Annotations.fromStack(stack)
      .findWarning('*', Match.stringLikeRegexp('CORS preflights'))
      .map(({ id }) => id)
  }
  const route = (path: string, ...methods: HttpMethod[]) => ({ ...orders(path), methods })

  test.each([HttpMethod.ANY, HttpMethod.OPTIONS])(
    'of method %s behind an authorizer warns that it closes preflights',
    async (method) => {
      const warned = (cors: boolean) =>
        closedPreflights((api, auth) => {
          api.addRoutes({ ...route('/orders', method), authorizer: auth.httpAuthorizer() })
        }, cors)

      expect(await warned(true)).toEqual([expect.stringContaining('/Shop/Api/')])
      expect(await warned(false)).toEqual([])
    },
  )

  test('does not warn where methods are named, or where the route is open', async () => {
    const warned = await closedPreflights((api, auth) => {
      auth.addAuthRoutes(api)
      api.addRoutes({ ...route('/orders', HttpMethod.GET, HttpMethod.POST), authorizer: auth.httpAuthorizer() })
      api.addRoutes(route('/open', HttpMethod.ANY))
    })

    expect(warned).toEqual([])
  })
})
