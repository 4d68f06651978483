import { describe, expect, test } from '@jest/globals'
import { type Synthesised, synthesise } from '../../support/builders/stack.ts'

const sandbox = {}
const withCors = { corsOrigins: 'https://app.example.com' }

const routes = (stack: Synthesised) => stack.ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties)

describe('the API', () => {
  // REQ-13
  test('has these open routes and no others', async () => {
    const open = routes(await synthesise(sandbox)).filter(({ AuthorizationType }) => AuthorizationType === 'NONE')

    expect(open.map(({ RouteKey }) => RouteKey)).toEqual([
      'GET /api-keys',
      'POST /api-keys',
      'DELETE /api-keys/{id}',
      'GET /.well-known/jwks.json',
      'GET /.well-known/openid-configuration',
      'GET /.well-known/oauth-authorization-server',
      'POST /login',
      'POST /revoke',
      'POST /token',
    ])
  })

  test('is open to registration only where that is wanted, and then no wider than to passwords', async () => {
    const stack = await synthesise({ selfRegistration: 'true' })
    const keyed = (found: Synthesised) => routes(found).filter(({ RouteKey }) => RouteKey === 'POST /register')

    expect(keyed(await synthesise(sandbox))).toEqual([])
    expect(keyed(stack)).toMatchObject([{ AuthorizationType: 'NONE' }])
    expect(stack.only('AWS::ApiGatewayV2::Stage').Properties['RouteSettings']).toMatchObject({
      'POST /register': { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
    })
  })

  test('takes confirmations of registrations only where mail is on, and no more of them than registrations', async () => {
    const [silent, mailing] = [
      await synthesise({ selfRegistration: 'true' }),
      await synthesise({ selfRegistration: 'true', emailFrom: 'no-reply@example.com' }),
    ]
    const confirming = (stack: Synthesised) =>
      routes(stack).filter(({ RouteKey }) => RouteKey === 'POST /register/confirm')
    const limits = ({ only }: Synthesised) => Object(only('AWS::ApiGatewayV2::Stage').Properties['RouteSettings'])

    expect(confirming(silent)).toEqual([])
    expect(limits(silent)).not.toHaveProperty(['POST /register/confirm'])
    expect(confirming(mailing)).toMatchObject([{ AuthorizationType: 'NONE' }])
    expect(limits(mailing)['POST /register/confirm']).toEqual(limits(mailing)['POST /register'])
  })

  // REQ-13
  test('asks the authorizer on every other route', async () => {
    const stack = await synthesise(sandbox)
    const closed = routes(stack).filter(({ AuthorizationType }) => AuthorizationType !== 'NONE')

    expect(closed).toEqual(
      ['POST /password', 'GET /sessions', 'DELETE /sessions', 'DELETE /sessions/{id}', 'GET /me'].map((RouteKey) =>
        expect.objectContaining({
          RouteKey,
          AuthorizationType: 'CUSTOM',
          AuthorizerId: { Ref: stack.only('AWS::ApiGatewayV2::Authorizer').id },
        }),
      ),
    )
  })

  test('knows a caller only by the Authorization header and remembers the answer for a minute', async () => {
    // REQ-74
    const { only } = await synthesise(sandbox)

    expect(only('AWS::ApiGatewayV2::Authorizer').Properties).toMatchObject({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization'],
      AuthorizerResultTtlInSeconds: 60,
    })
  })

  test("lets the gateway call a function only on that function's routes", async () => {
    const permissions = (await synthesise(sandbox)).ofType('AWS::Lambda::Permission')
    const rules = permissions.map(([, { Properties }]) => {
      const [name] = (Properties['FunctionName'] as { 'Fn::GetAtt': string[] })['Fn::GetAtt']
      const {
        'Fn::Join': [, parts],
      } = Properties['SourceArn'] as { 'Fn::Join': [string, unknown[]] }
      return `${name} ${parts.filter((part) => typeof part === 'string').at(-1)}`
    })

    expect(rules.sort()).toEqual([
      'apiKeys /*/*/api-keys',
      'apiKeys /*/*/api-keys',
      'apiKeys /*/*/api-keys/{id}',
      'authorizer /authorizers/',
      'discovery /*/*/.well-known/jwks.json',
      'discovery /*/*/.well-known/oauth-authorization-server',
      'discovery /*/*/.well-known/openid-configuration',
      'login /*/*/login',
      'me /*/*/me',
      'password /*/*/password',
      'revoke /*/*/revoke',
      'sessions /*/*/sessions',
      'sessions /*/*/sessions',
      'sessions /*/*/sessions/{id}',
      'token /*/*/token',
    ])
  })

  test('answers no other origin until one is set, and then that one without credentials', async () => {
    // REQ-133
    const { only: without } = await synthesise(sandbox)
    const { only: with_ } = await synthesise(withCors)

    expect(without('AWS::ApiGatewayV2::Api').Properties['CorsConfiguration']).toBeUndefined()
    expect(with_('AWS::ApiGatewayV2::Api').Properties['CorsConfiguration']).toEqual({
      AllowOrigins: ['https://app.example.com'],
      AllowMethods: ['GET', 'POST', 'DELETE'],
      AllowHeaders: ['authorization', 'content-type'],
      ExposeHeaders: ['retry-after'],
      MaxAge: 3600,
    })
  })

  test('lets pages use the methods and headers that are set', async () => {
    const settings = { ...withCors, corsMethods: 'GET,PUT', corsHeaders: 'authorization traceparent Sentry-Trace' }

    expect((await synthesise(settings)).only('AWS::ApiGatewayV2::Api').Properties['CorsConfiguration']).toMatchObject({
      AllowMethods: ['GET', 'PUT'],
      AllowHeaders: ['authorization', 'traceparent', 'sentry-trace'],
    })
  })
})

describe('the stage', () => {
  // REQ-28, REQ-29, REQ-145
  test('is bounded, log-ins more narrowly, and comes after the routes that have limits of their own', async () => {
    const stack = await synthesise(sandbox)
    const { Properties, DependsOn = [] } = stack.only('AWS::ApiGatewayV2::Stage')

    expect(Properties).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
      RouteSettings: {
        'POST /login': { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 500 },
        'POST /password': { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
      },
    })
    expect([...DependsOn].sort()).toEqual(
      ['ApiPOSTlogin', 'ApiPOSTpassword'].map((id) => expect.stringMatching(`^${id}`)),
    )
  })

  test('logs who, what and how it went, and nothing that a caller writes', async () => {
    // REQ-126
    const { only } = await synthesise(sandbox)
    const { Format } = only('AWS::ApiGatewayV2::Stage').Properties['AccessLogSettings'] as { Format: string }

    expect(JSON.parse(Format)).toEqual({
      time: '$context.requestTimeEpoch',
      requestId: '$context.requestId',
      route: '$context.routeKey',
      status: '$context.status',
      latency: '$context.responseLatency',
      sourceIp: '$context.identity.sourceIp',
      sub: '$context.authorizer.sub',
      claimsSub: '$context.authorizer.claims.sub',
      error: '$context.error.message',
      authorizerError: '$context.authorizer.error',
      integrationError: '$context.integrationErrorMessage',
    })
  })
})
