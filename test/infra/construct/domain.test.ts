import { describe, expect, test } from '@jest/globals'
import { Annotations, Match } from 'aws-cdk-lib/assertions'
import { ApiMapping, CfnDomainName, HttpApi, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { HostedZone, PublicHostedZone } from 'aws-cdk-lib/aws-route53'
import { CfnParameter, RemovalPolicy, Stack } from 'aws-cdk-lib/core'
import { ensureBundled } from '../../../infra/build/ensure-bundled.ts'
import type { DomainOptions } from '../../../infra/construct/domain/domain-options.ts'
import { TokenAuth } from '../../../infra/construct/token-auth.ts'
import type { TokenAuthProps } from '../../../infra/construct/token-auth-props.ts'
import { templateApp } from '../../support/builders/template-app.ts'

const arnIn = (region: string, account = '123456789012') => `arn:aws:acm:${region}:${account}:certificate/abc`

type Props = Omit<TokenAuthProps, 'domain'> & { readonly domain?: (stack: Stack) => Partial<DomainOptions> }

const domain = { name: 'auth.example.com' }
const env = { account: '123456789012', region: 'eu-central-1' }

/** A stack with a `TokenAuth` at auth.example.com, or what a test wants instead. */
async function setUp({ domain: change = () => ({}), ...props }: Props = {}) {
  await ensureBundled()
  const app = templateApp()
  const stack = new Stack(app, 'Shop', { env })
  const certificate = Certificate.fromCertificateArn(stack, 'Certificate', arnIn('eu-central-1'))
  const auth = new TokenAuth(stack, 'Auth', { ...props, domain: { ...domain, certificate, ...change(stack) } })
  const template = () => app.synth().getStackArtifact('Shop').template
  const resources = (): Record<string, Resource> => template().Resources
  return {
    app,
    stack,
    auth,
    resources,
    outputs: () => template().Outputs as Record<string, unknown>,
    of: (type: string) => Object.values(resources()).filter(({ Type }) => Type === type),
  }
}

type Resource = { Type: string; Properties: Record<string, unknown>; DependsOn?: string[] }

const byId = (prefix: string) => expect.stringMatching(new RegExp(`^${prefix}`))
const issuersOf = (resources: readonly Resource[]) =>
  new Set(
    resources
      .map(({ Properties }) => Object(Properties['Environment']).Variables?.ISSUER)
      .filter((issuer) => issuer !== undefined)
      .map((issuer) => JSON.stringify(issuer)),
  )

// REQ-139, REQ-196
describe('a domain', () => {
  test('takes TLS 1.2 or newer, over IPv4 and IPv6', async () => {
    const { stack, auth, of } = await setUp()
    auth.addAuthRoutes(new HttpApi(stack, 'Api'))

    expect(of('AWS::ApiGatewayV2::DomainName').map(({ Properties }) => Properties)).toEqual([
      {
        DomainName: 'auth.example.com',
        DomainNameConfigurations: [
          {
            CertificateArn: arnIn('eu-central-1'),
            EndpointType: 'REGIONAL',
            IpAddressType: 'dualstack',
            SecurityPolicy: 'TLS_1_2',
          },
        ],
      },
    ])
  })

  test('has the API at its root, once there is a stage, and is issuer and audience of all tokens', async () => {
    const { stack, auth, of } = await setUp()
    auth.addAuthRoutes(new HttpApi(stack, 'Api'))

    expect(of('AWS::ApiGatewayV2::ApiMapping')).toMatchObject([
      {
        Properties: { ApiId: { Ref: byId('Api') }, DomainName: { Ref: byId('AuthDomainName') }, Stage: '$default' },
        DependsOn: [byId('ApiDefaultStage')],
      },
    ])
    expect(of('AWS::ApiGatewayV2::ApiMapping')[0]?.Properties).not.toHaveProperty('ApiMappingKey')
    expect(issuersOf(of('AWS::Lambda::Function'))).toEqual(new Set(['"https://auth.example.com"']))
    expect([auth.issuer, auth.audience, auth.url]).toEqual(Array(3).fill('https://auth.example.com'))
  })

  test("closes API Gateway's own address", async () => {
    const { stack, auth, of } = await setUp({ issuer: 'https://auth.example.com' })
    auth.addAuthRoutes(new HttpApi(stack, 'Api'))

    expect(of('AWS::ApiGatewayV2::Api')).toMatchObject([{ Properties: { DisableExecuteApiEndpoint: true } }])
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([])
  })

  test('gets its records in the zone, after the API is there', async () => {
    const { stack, auth, of, outputs } = await setUp({
      domain: (scope) => ({ hostedZone: HostedZone.fromHostedZoneId(scope, 'Zone', 'Z0123456789') }),
    })
    auth.addAuthRoutes(new HttpApi(stack, 'Api'))
    const records = of('AWS::Route53::RecordSet')
    const attribute = (name: string) => ({ 'Fn::GetAtt': [byId('AuthDomainName'), name] })

    expect(records.map(({ Properties }) => Properties)).toEqual(
      ['A', 'AAAA'].map((Type) => ({
        Type,
        Name: 'auth.example.com.',
        HostedZoneId: 'Z0123456789',
        AliasTarget: {
          DNSName: attribute('RegionalDomainName'),
          HostedZoneId: attribute('RegionalHostedZoneId'),
        },
      })),
    )
    for (const { DependsOn } of records) expect(DependsOn).toEqual([byId('AuthDomainMapping')])
    expect(Object.keys(outputs())).toEqual([byId('AuthAdminFunctionName')])
  })

  test('tells where its name has to point to if there is no zone', async () => {
    const { stack, auth, of, outputs } = await setUp()
    auth.addAuthRoutes(new HttpApi(stack, 'Api'))

    expect(of('AWS::Route53::RecordSet')).toEqual([])
    expect(Object.entries(outputs())).toEqual([
      [
        byId('AuthDomainTarget'),
        {
          Description: 'Make a CNAME record (or A and AAAA aliases) from auth.example.com to this name',
          Value: { 'Fn::GetAtt': [byId('AuthDomainName'), 'RegionalDomainName'] },
        },
      ],
      [
        byId('AuthDomainTargetZoneId'),
        {
          Description: 'The hosted zone id of that name, for aliases of Route 53',
          Value: { 'Fn::GetAtt': [byId('AuthDomainName'), 'RegionalHostedZoneId'] },
        },
      ],
      [byId('AuthAdminFunctionName'), expect.anything()],
    ])
  })

  test('may be the name of its zone', async () => {
    const { stack, auth, of } = await setUp({
      domain: (scope) => ({
        name: 'example.com',
        hostedZone: new PublicHostedZone(scope, 'Zone', { zoneName: 'example.com' }),
      }),
    })
    auth.addAuthRoutes(new HttpApi(stack, 'Api'))

    expect(of('AWS::Route53::RecordSet').map(({ Properties }) => Properties['Name'])).toEqual(
      Array(2).fill('example.com.'),
    )
  })

  test('may be known only at deploy', async () => {
    const { stack, auth, of } = await setUp({
      domain: (scope) => ({ name: new CfnParameter(scope, 'Name').valueAsString }),
    })
    auth.addAuthRoutes(new HttpApi(stack, 'Api'))

    expect(of('AWS::ApiGatewayV2::DomainName')).toMatchObject([{ Properties: { DomainName: { Ref: 'Name' } } }])
    expect(issuersOf(of('AWS::Lambda::Function'))).toEqual(
      new Set([JSON.stringify({ 'Fn::Join': ['', ['https://', { Ref: 'Name' }]] })]),
    )
  })

  test('has room for other APIs at base paths', async () => {
    const { stack, auth, of } = await setUp()
    auth.addAuthRoutes(new HttpApi(stack, 'Api'))
    const { domainName } = auth
    if (!domainName) throw new Error('There is no domain.')
    new ApiMapping(stack, 'Orders', { api: new HttpApi(stack, 'OrdersApi'), domainName, apiMappingKey: 'orders' })

    expect(of('AWS::ApiGatewayV2::ApiMapping').map(({ Properties }) => Properties)).toMatchObject([
      { DomainName: { Ref: byId('AuthDomainName') }, Stage: '$default' },
      { DomainName: { Ref: byId('AuthDomainName') }, ApiMappingKey: 'orders' },
    ])
    expect(of('AWS::ApiGatewayV2::Api').map(({ Properties }) => Properties['DisableExecuteApiEndpoint'])).toEqual([
      true,
      undefined,
    ])
    expect(domainName.node.defaultChild).toBeInstanceOf(CfnDomainName)
  })

  test('leads to the only stage of an API, whatever that is called', async () => {
    const { stack, auth, of } = await setUp()
    const api = new HttpApi(stack, 'Api', { createDefaultStage: false })
    auth.addAuthRoutes(api)
    new HttpStage(stack, 'Stage', { httpApi: api, stageName: 'prod', autoDeploy: true })

    expect(of('AWS::ApiGatewayV2::ApiMapping')).toMatchObject([
      { Properties: { Stage: 'prod' }, DependsOn: [byId('Stage')] },
    ])
  })

  test('is known to the deployments that could lose it', async () => {
    const { stack, auth, of } = await setUp({
      retire: ['login.example.com'],
      domain: (scope) => ({ hostedZone: HostedZone.fromHostedZoneId(scope, 'Zone', 'Z0123456789') }),
    })
    auth.addAuthRoutes(new HttpApi(stack, 'Api'))

    expect(of('Custom::Jwks')).toMatchObject([
      {
        Properties: {
          Domain: 'auth.example.com',
          Zone: 'Z0123456789',
          Retire: ['login.example.com'],
          Protect: 'true',
        },
      },
    ])
  })
})

describe('a live stack that moves to a domain', () => {
  test('keeps the old address open as long as that is the issuer, and is warned', async () => {
    const issuer = 'https://a1b2c3.execute-api.eu-central-1.amazonaws.com'
    const { stack, auth, of } = await setUp({ issuer })
    auth.addAuthRoutes(new HttpApi(stack, 'Api'))

    expect(of('AWS::ApiGatewayV2::Api')).toMatchObject([{ Properties: { DisableExecuteApiEndpoint: false } }])
    expect(issuersOf(of('AWS::Lambda::Function'))).toEqual(new Set([`"${issuer}"`]))
    expect(auth.url).toBe('https://auth.example.com')
    expect(
      Annotations.fromStack(stack)
        .findWarning('*', Match.anyValue())
        .map(({ entry }) => entry.data),
    ).toEqual([expect.stringContaining('stays open beside https://auth.example.com')])
  })
})

test('the old address may be given as CDK knows it', async () => {
  await ensureBundled()
  const app = templateApp()
  const stack = new Stack(app, 'Shop', { env })
  const api = new HttpApi(stack, 'Api')
  const certificate = Certificate.fromCertificateArn(stack, 'Certificate', arnIn('eu-central-1'))
  new TokenAuth(stack, 'Auth', { issuer: api.apiEndpoint, domain: { ...domain, certificate } }).addAuthRoutes(api)
  const resources: Resource[] = Object.values(app.synth().getStackArtifact('Shop').template.Resources)

  expect(issuersOf(resources)).toEqual(new Set([JSON.stringify({ 'Fn::GetAtt': ['ApiF70053CD', 'ApiEndpoint'] })]))
  expect(resources.find(({ Type }) => Type === 'AWS::ApiGatewayV2::Api')?.Properties).toMatchObject({
    DisableExecuteApiEndpoint: false,
  })
})

// REQ-140
describe('a domain that cannot be is refused in one sentence', () => {
  test.each<[string, (stack: Stack) => Partial<DomainOptions>, string]>([
    [
      'a wildcard',
      () => ({ name: '*.example.com' }),
      'domain.name: a domain name such as auth.example.com, in lower case, without scheme, path, * or dot at the end, not "*.example.com"',
    ],
    [
      'a certificate of another Region, by its ARN',
      (stack) => ({ certificate: Certificate.fromCertificateArn(stack, 'Edge', arnIn('us-east-1')) }),
      'domain.certificate: a certificate in the account and Region of the stack, not one in us-east-1 of account 123456789012',
    ],
    [
      'a certificate of another account',
      (stack) => ({
        certificate: Certificate.fromCertificateArn(stack, 'Edge', arnIn('eu-central-1', '210987654321')),
      }),
      'domain.certificate: a certificate in the account and Region of the stack, not one in eu-central-1 of account 210987654321',
    ],
    [
      'a certificate of another Region, by its stack',
      ({ node: { scope } }) => {
        const edge = new Stack(scope, 'Edge', { env: { ...env, region: 'us-east-1' } })
        return { certificate: new Certificate(edge, 'Certificate', { domainName: domain.name }) }
      },
      'domain.certificate: a certificate in the account and Region of the stack, not one in us-east-1 of account 123456789012',
    ],
    [
      'a zone that cannot contain the name',
      (stack) => ({ hostedZone: new PublicHostedZone(stack, 'Zone', { zoneName: 'h.example.com' }) }),
      'domain.hostedZone: a zone that can contain auth.example.com, not h.example.com',
    ],
  ])('%s', async (_, change, sentence) => {
    await expect(setUp({ domain: change })).rejects.toThrow(`Invalid settings:\n  ${sentence}`)
  })

  test('an issuer that is not the domain', async () => {
    await expect(setUp({ issuer: 'https://login.example.com' })).rejects.toThrow(
      /^Invalid settings:\n {2}issuer: left out where there is a domain.*not "https:\/\/login\.example\.com"$/,
    )
  })

  test('a domain that no API is mapped to', async () => {
    const { resources } = await setUp()

    expect(resources).toThrow('Call `addAuthRoutes(api)`: nothing is mapped to the root of the domain.')
  })

  test('a second API with log-in', async () => {
    const { stack, auth } = await setUp()
    auth.addAuthRoutes(new HttpApi(stack, 'First'))

    expect(() => auth.addAuthRoutes(new HttpApi(stack, 'Second'))).toThrow('belongs to Shop/First')
  })

  test('an API of several stages, none of which is the default', async () => {
    const { stack, auth, resources } = await setUp()
    const api = new HttpApi(stack, 'Api', { createDefaultStage: false })
    auth.addAuthRoutes(api)
    for (const stageName of ['blue', 'green']) new HttpStage(stack, stageName, { httpApi: api, stageName })

    expect(resources).toThrow('Shop/Api needs a stage $default, or only one stage')
  })

  test('an API that says the opposite about its own address', async () => {
    const issuer = 'https://a1b2c3.execute-api.eu-central-1.amazonaws.com'
    const [closed, open, moving] = [await setUp(), await setUp(), await setUp({ issuer })]
    const api = (stack: Stack, disableExecuteApiEndpoint: boolean) =>
      new HttpApi(stack, 'Api', { disableExecuteApiEndpoint })

    expect(() => moving.auth.addAuthRoutes(api(moving.stack, true))).toThrow('leave out disableExecuteApiEndpoint')
    expect(() => open.auth.addAuthRoutes(api(open.stack, false))).toThrow('leave out disableExecuteApiEndpoint')
    expect(() => closed.auth.addAuthRoutes(api(closed.stack, true))).not.toThrow()
  })
})

test('without a domain nothing about one is in the template', async () => {
  await ensureBundled()
  const app = templateApp()
  const stack = new Stack(app, 'Shop', { env })
  const auth = new TokenAuth(stack, 'Auth', { removalPolicy: RemovalPolicy.DESTROY })
  auth.addAuthRoutes(new HttpApi(stack, 'Api'))
  const template = JSON.stringify(app.synth().getStackArtifact('Shop').template)

  expect(template).not.toMatch(/Domain|Zone|RecordSet|ApiMapping|DisableExecuteApiEndpoint/)
  expect(auth.domainName).toBeUndefined()
})
