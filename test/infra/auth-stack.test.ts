import { describe, expect, test } from '@jest/globals'
import { readEnv } from '../../functions/adapters/env.ts'
import { adminEnv } from '../../functions/admin/env.ts'
import { authorizerEnv } from '../../functions/authorizer/env.ts'
import { discoveryEnv } from '../../functions/discovery/env.ts'
import { loginEnv } from '../../functions/login/env.ts'
import { type Synthesised, synthesise } from '../support/stack.ts'

const sandbox = {}
const prod = {
  stage: 'prod',
  issuer: 'https://auth.example.com',
  corsOrigins: 'https://app.example.com',
  scopes: 'a b',
}
const endpoint = { 'Fn::GetAtt': ['ApiF70053CD', 'ApiEndpoint'] }

const routes = (stack: Synthesised) => stack.ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties)

describe('the API', () => {
  // SECURITY 13
  test('has these open routes and no others', async () => {
    const open = routes(await synthesise(sandbox)).filter(({ AuthorizationType }) => AuthorizationType === 'NONE')

    expect(open.map(({ RouteKey }) => RouteKey)).toEqual([
      'POST /login',
      'GET /.well-known/jwks.json',
      'GET /.well-known/openid-configuration',
      'GET /.well-known/oauth-authorization-server',
    ])
  })

  test('asks the authorizer on every other route', async () => {
    const stack = await synthesise(sandbox)
    const closed = routes(stack).filter(({ AuthorizationType }) => AuthorizationType !== 'NONE')

    expect(closed).toEqual([
      expect.objectContaining({
        RouteKey: 'GET /me',
        AuthorizationType: 'CUSTOM',
        AuthorizerId: { Ref: stack.only('AWS::ApiGatewayV2::Authorizer').id },
      }),
    ])
  })

  test('knows a caller by the Authorization header alone and remembers the answer for a minute', async () => {
    // SECURITY 74
    const { only } = await synthesise(sandbox)

    expect(only('AWS::ApiGatewayV2::Authorizer').Properties).toMatchObject({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization'],
      AuthorizerResultTtlInSeconds: 60,
    })
  })

  test('lets the gateway call a function on that function’s routes alone', async () => {
    const permissions = (await synthesise(sandbox)).ofType('AWS::Lambda::Permission')
    const rules = permissions.map(([, { Properties }]) => {
      const [name] = (Properties['FunctionName'] as { 'Fn::GetAtt': string[] })['Fn::GetAtt']
      const {
        'Fn::Join': [, parts],
      } = Properties['SourceArn'] as { 'Fn::Join': [string, unknown[]] }
      return `${name} ${parts.filter((part) => typeof part === 'string').at(-1)}`
    })

    expect(rules.sort()).toEqual([
      'authorizer /authorizers/',
      'discovery /*/*/.well-known/jwks.json',
      'discovery /*/*/.well-known/oauth-authorization-server',
      'discovery /*/*/.well-known/openid-configuration',
      'login /*/*/login',
      'me /*/*/me',
    ])
  })

  test('answers no other origin until one is set, and then that one without credentials', async () => {
    // SECURITY 133
    const { only: without } = await synthesise(sandbox)
    const { only: with_ } = await synthesise(prod)

    expect(without('AWS::ApiGatewayV2::Api').Properties['CorsConfiguration']).toBeUndefined()
    expect(with_('AWS::ApiGatewayV2::Api').Properties['CorsConfiguration']).toEqual({
      AllowOrigins: ['https://app.example.com'],
      AllowMethods: ['GET', 'POST'],
      AllowHeaders: ['authorization', 'content-type'],
      ExposeHeaders: ['retry-after'],
      MaxAge: 3600,
    })
  })
})

describe('the stage', () => {
  test('is bounded, log-ins more narrowly, and comes after the routes', async () => {
    const stack = await synthesise(sandbox)
    const { Properties, DependsOn = [] } = stack.only('AWS::ApiGatewayV2::Stage')

    expect(Properties).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
      RouteSettings: { 'POST /login': { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 } },
    })
    expect([...DependsOn].sort()).toEqual(
      stack
        .ofType('AWS::ApiGatewayV2::Route')
        .map(([id]) => id)
        .sort(),
    )
  })

  test('logs who, what and how it went, and nothing that a caller writes', async () => {
    // SECURITY 126
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
      error: '$context.error.message',
      authorizerError: '$context.authorizer.error',
      integrationError: '$context.integrationErrorMessage',
    })
  })
})

describe('every function', () => {
  test('runs on arm64 and Node 24 with the memory and the time that it needs', async () => {
    const functions = (await synthesise(sandbox)).ofType('AWS::Lambda::Function')

    expect(
      functions
        .map(
          ([
            name,
            {
              Properties: { MemorySize, Timeout },
            },
          ]) => [name, MemorySize, Timeout],
        )
        .sort(),
    ).toEqual([
      ['admin', 256, 10],
      ['authorizer', 256, 5],
      ['discovery', 256, 5],
      ['jwks', 256, 30],
      ['login', 1024, 10],
      ['me', 256, 5],
    ])
    for (const [, { Properties }] of functions) {
      expect(Properties).toMatchObject({
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', SystemLogLevel: 'WARN' },
      })
    }
  })

  test.each([
    ['login', loginEnv],
    ['authorizer', authorizerEnv],
    ['discovery', discoveryEnv],
    ['admin', adminEnv],
  ])('gets the variables that it reads, in the form that it reads: %s', async (name, spec) => {
    for (const context of [sandbox, prod]) {
      const given = Object.entries((await synthesise(context)).lambda(name).variables)
      const deployed = given.map(([key, value]) => [key, typeof value === 'string' ? value : 'https://made.at.deploy'])

      expect(given.map(([key]) => key).sort()).toEqual(Object.keys(spec).sort())
      expect(Object.keys(readEnv(spec, Object.fromEntries(deployed))).sort()).toEqual(Object.keys(spec).sort())
    }
  })

  test('says the API’s own address as issuer and audience, or what the settings say', async () => {
    const given = { issuer: 'https://auth.example.com', audience: 'orders' }

    expect((await synthesise(sandbox)).lambda('authorizer').variables).toMatchObject({
      ISSUER: endpoint,
      AUDIENCE: endpoint,
    })
    expect((await synthesise(prod)).lambda('login').variables).toMatchObject({
      ISSUER: 'https://auth.example.com',
      AUDIENCE: 'https://auth.example.com',
      SCOPES: 'a b',
    })
    expect((await synthesise(given)).lambda('login').variables).toMatchObject({
      ISSUER: 'https://auth.example.com',
      AUDIENCE: 'orders',
    })
  })
})

describe('a stage of the service', () => {
  const keeps = ['AWS::DynamoDB::GlobalTable', 'AWS::KMS::Key', 'AWS::Logs::LogGroup']

  test.each([
    ['sandbox', sandbox, 'Delete', false],
    ['prod', prod, 'RetainExceptOnCreate', true],
  ])('%s keeps or forgets its table, keys and logs as a whole', async (_stage, context, policy, lasting) => {
    // SECURITY 138
    const stack = await synthesise(context)
    const policies = keeps.flatMap((type) => stack.ofType(type).map(([, { DeletionPolicy }]) => DeletionPolicy))

    expect(new Set(policies)).toEqual(new Set([policy]))
    expect(stack.terminationProtection).toBe(lasting)
    expect(stack.only('AWS::DynamoDB::GlobalTable').Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      Replicas: [
        {
          DeletionProtectionEnabled: lasting,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: lasting },
        },
      ],
    })
  })

  test('keeps every log for a month', async () => {
    // SECURITY 125
    const groups = (await synthesise(prod)).ofType('AWS::Logs::LogGroup')

    expect(groups).toHaveLength(7)
    expect(new Set(groups.map(([, { Properties }]) => Properties['RetentionInDays']))).toEqual(new Set([30]))
  })

  test('writes the access log where API Gateway may write without a resource policy', async () => {
    const groups = (await synthesise(prod)).ofType('AWS::Logs::LogGroup')
    const names = groups.map(([, { Properties }]) => Properties['LogGroupName']).filter((name) => name !== undefined)

    expect(names).toEqual(['/aws/vendedlogs/Latchkey-prod'])
  })
})

test('the outputs are what a person or another stack needs to go on', async () => {
  const { outputs, only } = await synthesise(sandbox)

  expect(outputs).toEqual({
    ApiUrl: { Value: endpoint },
    Issuer: { Value: endpoint },
    Audience: { Value: endpoint },
    JwksUrl: { Value: { 'Fn::Join': ['', [endpoint, '/.well-known/jwks.json']] } },
    TableName: { Value: { Ref: only('AWS::DynamoDB::GlobalTable').id } },
    AdminFunctionName: { Value: { Ref: 'admin' } },
  })
})
