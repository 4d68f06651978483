import { afterAll, describe, expect, test } from '@jest/globals'
import { readStack } from '../../../../infra/local/template/stack.ts'
import { synthesise } from '../../../../infra/synthesis/assembly.ts'

const assembly = await synthesise({ corsOrigins: 'https://app.example', generations: '1,2' })

afterAll(async () => assembly[Symbol.asyncDispose]())

type Changeable = { Type: string; Condition?: string; Properties: Record<string, unknown> }
type ChangeableTemplate = Record<string, unknown> & { Resources: Record<string, Changeable> }

/** Reads the real stack, changed where a test wants it so; custom resources have answered. */
function setUp(change: (template: ChangeableTemplate) => void = () => {}) {
  const template = structuredClone(assembly.template) as unknown as ChangeableTemplate
  change(template)
  const provided = new Map([[idOf(template, 'Custom::Jwks'), { Jwks: '{"keys":[]}', SigningKid: 'kid' }]])
  const stack = { ...assembly, template, endpoint: 'http://127.0.0.1:3000', provided }
  return readStack(stack)
}

const idOf = ({ Resources }: ChangeableTemplate, type: string, name = '') =>
  Object.keys(Resources).find((id) => Resources[id]?.Type === type && JSON.stringify(Resources[id]).includes(name)) ??
  ''

/** Changes the properties of the one resource of a type, or of the one that mentions `name`. */
const changeProperties = (type: string, properties: object, name?: string) => (template: ChangeableTemplate) => {
  Object.assign(template.Resources[idOf(template, type, name)]?.Properties ?? {}, properties)
}

const add =
  (type: string, properties: Record<string, unknown> = {}) =>
  (template: ChangeableTemplate) => {
    template.Resources['Added'] = { Type: type, Properties: properties }
  }

describe('the stack', () => {
  test('has its routes with their limits, and an authorizer on those of the caller', () => {
    const [api] = setUp().apis

    const others = { rate: 500, burst: 1000 }
    expect(
      api?.routes.map(({ key, functionArn, limit, authorizer }) => [
        key,
        functionArn.split(':').at(-1),
        limit,
        authorizer?.resultTtl,
      ]),
    ).toEqual([
      ['GET /api-keys', 'apiKeys', others, undefined],
      ['POST /api-keys', 'apiKeys', others, undefined],
      ['DELETE /api-keys/{id}', 'apiKeys', others, undefined],
      ['GET /.well-known/jwks.json', 'discovery', others, undefined],
      ['GET /.well-known/openid-configuration', 'discovery', others, undefined],
      ['GET /.well-known/oauth-authorization-server', 'discovery', others, undefined],
      ['POST /login', 'login', { rate: 100, burst: 500 }, undefined],
      ['POST /password', 'password', { rate: 50, burst: 100 }, 60],
      ['POST /revoke', 'revoke', others, undefined],
      ['GET /sessions', 'sessions', others, 60],
      ['DELETE /sessions', 'sessions', others, 60],
      ['DELETE /sessions/{id}', 'sessions', others, 60],
      ['POST /token', 'token', others, undefined],
      ['GET /me', 'me', others, 60],
    ])
    expect(api?.cors?.AllowOrigins).toEqual(['https://app.example'])
  })

  test('gives a function what its template says: variables, limits, and the API as the issuer', () => {
    const { environment, timeout, memory, handler } = setUp().readFunction('login')

    expect([timeout, memory, handler]).toEqual([10, 1024, 'index.handler'])
    expect(environment).toMatchObject({ ISSUER: 'http://127.0.0.1:3000', SIGNING_KID: 'kid', CLIENTS: 'web' })
  })

  test('has the same names at every start, so that data are found again', () => {
    const names = () => {
      const { tables, keys, apis, readFunction } = setUp()
      return [tables, keys, apis[0]?.id, readFunction('login').environment]
    }

    expect(names()).toEqual(names())
    expect(setUp().keys.map(({ keyId }) => keyId)).toEqual([
      expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      expect.anything(),
    ])
  })

  test('gives every function credentials of its own, new at every start, with the policies of its role', () => {
    const { principals } = setUp()

    expect(new Set(principals.map(({ accessKeyId }) => accessKeyId)).size).toBe(principals.length)
    expect(setUp().principals[0]?.accessKeyId).not.toBe(principals[0]?.accessKeyId)
    expect(principals.every(({ policies }) => policies.length === 1)).toBe(true)
  })

  test('gives a custom resource all properties of its template', () => {
    const { keys, customResourceIds, readCustomResource } = setUp()
    const [arn] = keys.map((key) => key.arn)

    expect(customResourceIds.map(readCustomResource)).toEqual([
      {
        logicalId: expect.any(String),
        type: 'Custom::Jwks',
        stackId: expect.stringMatching(/^arn:aws:cloudformation:us-east-1:000000000000:stack\/Latchkey-sandbox\//),
        properties: {
          ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:jwks',
          ServiceTimeout: '120',
          KeyArns: keys.map((key) => key.arn),
          SigningKeyArn: arn,
          Generations: ['1', '2'],
          Retire: [],
          Protect: 'false',
        },
      },
    ])
  })
})

describe('mail', () => {
  const ses = (properties: object) => (template: ChangeableTemplate) => {
    Object.assign(template.Resources, {
      Identity: { Type: 'AWS::SES::EmailIdentity', Properties: { EmailIdentity: 'example.com', ...properties } },
      Mails: {
        Type: 'AWS::SES::ConfigurationSet',
        Properties: {
          DeliveryOptions: { TlsPolicy: 'REQUIRE' },
          SuppressionOptions: { SuppressedReasons: ['BOUNCE'] },
        },
      },
      Bounces: { Type: 'AWS::SES::ConfigurationSetEventDestination', Properties: { ConfigurationSetName: 'x' } },
    })
  }
  const own = 'arn:aws:ses:us-east-1:000000000000:identity/example.com'
  const allowTo = (Resource: unknown) => (template: ChangeableTemplate) => {
    const { PolicyDocument } = template.Resources[idOf(template, 'AWS::IAM::Policy')]?.Properties ?? {}
    const { Statement } = PolicyDocument as { Statement: object[] }
    Statement.push({ Effect: 'Allow', Action: 'ses:SendEmail', Resource })
  }

  test('is off where the stack has no identity', () => {
    expect([setUp().identities, setUp().configurationSets]).toEqual([[], []])
  })

  test('comes from the identity of the template, by its configuration set', () => {
    const { identities, configurationSets } = setUp(ses({ DkimAttributes: { SigningEnabled: true } }))

    expect(identities).toEqual([{ name: 'example.com', arn: own }])
    expect(configurationSets).toEqual(['Latchkey-sandbox-Mails'])
  })

  test('has the name of the identity in the policies that refer to it, which count once', () => {
    const { identities } = setUp((template) => {
      ses({})(template)
      const parts = ['arn:aws:ses:us-east-1:', { Ref: 'AWS::AccountId' }, ':identity/', { Ref: 'Identity' }]
      allowTo([{ 'Fn::Join': ['', parts] }])(template)
    })

    expect(identities).toEqual([{ name: 'example.com', arn: own }])
  })

  test('may come from an identity of another stack, which a role names in full', () => {
    const arn = 'arn:aws:ses:eu-west-1:123456789012:identity/ada@example.org'

    expect(setUp(allowTo(arn)).identities).toEqual([{ name: 'ada@example.org', arn }])
    expect(setUp(allowTo('arn:aws:ses:*:*:identity/*')).identities).toEqual([])
  })

  test.each<[string, (template: ChangeableTemplate) => void, RegExp]>([
    [
      'an identity without a name',
      ses({ EmailIdentity: undefined }),
      /^Identity .*EmailIdentity: string is understood/,
    ],
    [
      'an unknown property of an identity',
      ses({ Other: 1 }),
      /^Identity .*Other: this property is not understood here/,
    ],
    [
      'a configuration set that tracks',
      (template) => {
        ses({})(template)
        changeProperties('AWS::SES::ConfigurationSet', { TrackingOptions: { CustomRedirectDomain: 'x' } })(template)
      },
      /^Mails .*TrackingOptions: this property is not understood here/,
    ],
    [
      'a configuration set that does not send',
      (template) => {
        ses({})(template)
        changeProperties('AWS::SES::ConfigurationSet', { SendingOptions: { SendingEnabled: false } })(template)
      },
      /^Mails .*SendingEnabled: true is understood here, not false/,
    ],
  ])('%s stops the start', (_, change, sentence) => {
    expect(() => setUp(change)).toThrow(sentence)
  })
})

describe('a key', () => {
  // As CDK writes it: the kind that AWS makes where none is named is left out.
  const ofSecrets = { EnableKeyRotation: true, PendingWindowInDays: 7 }
  const policyOf = (template: ChangeableTemplate) =>
    template.Resources[idOf(template, 'AWS::KMS::Key')]?.Properties['KeyPolicy']
  const addKey = (properties: Record<string, unknown>) => (template: ChangeableTemplate) =>
    add('AWS::KMS::Key', { KeyPolicy: policyOf(template), ...properties })(template)

  test.each<[string, Record<string, unknown>]>([
    ['that names no kind', ofSecrets],
    ['that names it', { ...ofSecrets, KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT' }],
  ])('%s encrypts and decrypts', (_, properties) => {
    const added = setUp(addKey(properties)).keys.at(-1)

    expect(added).toEqual({
      keyId: expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
      arn: `arn:aws:kms:us-east-1:000000000000:key/${added?.keyId}`,
      keySpec: 'SYMMETRIC_DEFAULT',
    })
  })

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['of another kind', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }, /KeySpec: .* not "HMAC_256"/],
    ['that could not sign', { KeyUsage: 'SIGN_VERIFY' }, /KeyUsage: "ENCRYPT_DECRYPT" is understood here/],
    ['that signs and should be rotated', { ...ofSecrets, KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }, /EnableKeyR/],
    ['of several Regions', { ...ofSecrets, MultiRegion: true }, /MultiRegion: this property/],
  ])('%s stops the start', (_, properties, sentence) => {
    expect(() => setUp(addKey(properties))).toThrow(sentence)
  })
})

describe('a domain', () => {
  const mapping = (template: ChangeableTemplate, properties: object = {}) => {
    const ApiId = { Ref: idOf(template, 'AWS::ApiGatewayV2::Api') }
    const at = { DomainName: { Ref: 'Name' }, Stage: '$default' }
    template.Resources['Mapping'] = {
      Type: 'AWS::ApiGatewayV2::ApiMapping',
      Properties: { ApiId, ...at, ...properties },
    }
  }
  const close = changeProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true })

  test('changes nothing: the address of the server stands for it', () => {
    const { apis } = setUp((template) => {
      close(template)
      mapping(template)
      template.Resources['Name'] = {
        Type: 'AWS::ApiGatewayV2::DomainName',
        Properties: { DomainName: 'a.example.com' },
      }
      template.Resources['IPv4'] = {
        Type: 'AWS::Route53::RecordSet',
        Properties: { Name: 'a.example.com.', Type: 'A' },
      }
    })

    expect(apis).toEqual(setUp().apis)
  })

  test('stops the start at a base path, and at an address that is closed without one', () => {
    expect(() => setUp((template) => mapping(template, { ApiMappingKey: 'v1' }))).toThrow(
      'ApiMappingKey: this property is not understood here',
    )
    expect(() => setUp(close)).toThrow('DisableExecuteApiEndpoint: without a domain nobody can reach the API.')
  })
})

describe('the start stops at a property that it does not understand, and names it', () => {
  test.each<[string, (template: ChangeableTemplate) => void, RegExp]>([
    [
      'a section',
      (template) => Object.assign(template, { Transform: 'AWS::Serverless' }),
      /^The template's section Transform is not/,
    ],
    ['a type', add('AWS::Lambda::Url'), /^Added \(AWS::Lambda::Url\): resources of this type are not understood here/],
    [
      'a condition',
      (template) => Object.assign(template.Resources['me'] ?? {}, { Condition: 'C' }),
      /^me \(.*\): its condition C is not known here/,
    ],
    [
      'an API without a stage',
      add('AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' }),
      /^Added: without a stage nobody can reach the API/,
    ],
    [
      'a WebSocket API',
      add('AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET' }),
      /^Added .*ProtocolType: "HTTP" is understood here, not "WEBSOCKET"/,
    ],
    [
      'a limit on no route',
      changeProperties('AWS::ApiGatewayV2::Stage', { RouteSettings: { 'GET /x': {} } }),
      /RouteSettings: there is no route "GET \/x"/,
    ],
    [
      'an authorization',
      changeProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'AWS_IAM' }, 'GET /me'),
      /AuthorizationType: .*not "AWS_IAM"/,
    ],
    [
      'no authorization',
      changeProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: undefined }, 'GET /me'),
      /AuthorizationType/,
    ],
    [
      'an authorizer that is not asked',
      changeProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'NONE' }, 'GET /me'),
      /AuthorizationType: CUSTOM and JWT go with an AuthorizerId and NONE without/,
    ],
    [
      'a scope on a route',
      changeProperties('AWS::ApiGatewayV2::Route', { AuthorizationScopes: ['a'] }, 'GET /me'),
      /AuthorizationScopes: they go only with the AuthorizationType JWT/,
    ],
    [
      'an authorizer of another kind',
      changeProperties('AWS::ApiGatewayV2::Authorizer', { AuthorizerType: 'OTHER' }),
      /AuthorizerType: \("REQUEST" \| "JWT"\) is understood here, not "OTHER"/,
    ],
    [
      'an authorizer of another type than its route says',
      changeProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'JWT' }, 'GET /me'),
      /AuthorizationType: ApiAuthorizer.* is of another type/,
    ],
    [
      "another issuer than this API, whose keys would be the network's",
      (template) => {
        const authorizer = template.Resources[idOf(template, 'AWS::ApiGatewayV2::Authorizer')]
        const { ApiId } = authorizer?.Properties ?? {}
        const JwtConfiguration = { Issuer: 'https://issuer.example', Audience: ['a'] }
        const IdentitySource = ['$request.header.Authorization']
        if (authorizer) authorizer.Properties = { ApiId, AuthorizerType: 'JWT', JwtConfiguration, IdentitySource }
        changeProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'JWT' }, 'POST /password')(template)
      },
      /Issuer: https:\/\/issuer\.example is not this API/,
    ],
    [
      'an authorizer that answers policies',
      changeProperties('AWS::ApiGatewayV2::Authorizer', { EnableSimpleResponses: false }),
      /EnableSimpleResponses: true is understood here, not false/,
    ],
    [
      'an authorizer without identity',
      changeProperties('AWS::ApiGatewayV2::Authorizer', { IdentitySource: [] }),
      /IdentitySource: none is not understood here/,
    ],
    [
      'an identity source',
      changeProperties('AWS::ApiGatewayV2::Authorizer', { IdentitySource: ['$context.identity.sourceIp'] }),
      /IdentitySource: \$context\.identity\.sourceIp is not understood here/,
    ],
    ...['x$request.header.A', '$request.header.A.b', '$request.body.a'].map(
      (source): [string, (template: ChangeableTemplate) => void, RegExp] => [
        `the identity source ${source}`,
        changeProperties('AWS::ApiGatewayV2::Authorizer', { IdentitySource: [source] }),
        /IdentitySource: .* is not understood here/,
      ],
    ),
    [
      'an authorizer of nowhere',
      changeProperties('AWS::ApiGatewayV2::Route', { AuthorizerId: 'x' }, 'GET /me'),
      /AuthorizerId: x is not an authorizer of this template/,
    ],
    [
      'a target',
      changeProperties('AWS::ApiGatewayV2::Route', { Target: 'integrations/x' }, 'GET /me'),
      /Target: integrations\/x is not an integration of this template/,
    ],
    [
      'an integration',
      changeProperties('AWS::ApiGatewayV2::Integration', { IntegrationType: 'HTTP_PROXY' }),
      /IntegrationType: "AWS_PROXY" is understood here, not "HTTP_PROXY"/,
    ],
    [
      'an integration of no function',
      changeProperties('AWS::ApiGatewayV2::Integration', { IntegrationUri: 'https://example.com' }),
      /IntegrationUri: it names no function/,
    ],
    ...['xarn:aws:lambda:us-east-1:0:function:me', 'arn:aws:lambda:us-east-1:0:function:me/other'].map(
      (IntegrationUri): [string, (template: ChangeableTemplate) => void, RegExp] => [
        `the integration ${IntegrationUri}`,
        changeProperties('AWS::ApiGatewayV2::Integration', { IntegrationUri }),
        /IntegrationUri: it names no function/,
      ],
    ),
    [
      'a payload format',
      changeProperties('AWS::ApiGatewayV2::Integration', { PayloadFormatVersion: '1.0' }),
      /PayloadFormatVersion/,
    ],
    [
      'every origin with credentials',
      changeProperties('AWS::ApiGatewayV2::Api', {
        CorsConfiguration: { AllowOrigins: ['*'], AllowCredentials: true },
      }),
      /CorsConfiguration: API Gateway does not take/,
    ],
    [
      'a managed policy',
      changeProperties('AWS::IAM::Role', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/Unheard'] }),
      /ManagedPolicyArns: the policy arn:aws:iam::aws:policy\/Unheard is not known here/,
    ],
    [
      'a key policy',
      changeProperties('AWS::KMS::Key', {
        KeyPolicy: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Deny', Action: 'kms:*', Principal: '*', Resource: '*' }],
        },
      }),
      /KeyPolicy/,
    ],
    [
      'a permissions boundary',
      changeProperties('AWS::IAM::Role', { PermissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess' }),
      /Role.*: its permissions boundary is not enforced here/,
    ],
    [
      'an unknown property of a table',
      changeProperties('AWS::DynamoDB::GlobalTable', { Other: 1 }),
      /Other: this property/,
    ],
  ])('%s', (_, change, sentence) => {
    expect(() => setUp(change)).toThrow(sentence)
  })

  test.each<[string, object, RegExp]>([
    ['a runtime', { Runtime: 'python3.13' }, /^me .*Runtime: python3.13 does not run here/],
    ['a layer of nowhere', { Layers: ['arn:layer'] }, /^me .*: its layer arn:layer is not in the app/],
    ['code of nowhere', { Code: { S3Bucket: 'b', S3Key: 'k.zip' } }, /^me, Code: there is no asset k\.zip/],
    [
      'a function of templates',
      { Handler: { 'Fn::ImportValue': 'x' } },
      /^me .*Handler: Fn::ImportValue is not understood here/,
    ],
    ['a reference', { Handler: { Ref: 'Nothing' } }, /^me .*Handler: Ref "Nothing" is not known here/],
    [
      'an attribute',
      { Handler: { 'Fn::GetAtt': ['me', 'Nothing'] } },
      /^me .*Handler: Fn::GetAtt \["me","Nothing"\] is not known/,
    ],
    [
      'an attribute that objects have by themselves',
      { Handler: { 'Fn::GetAtt': ['me', 'constructor'] } },
      /^me .*Handler: Fn::GetAtt \["me","constructor"\] is not known/,
    ],
    [
      'an attribute that a custom resource did not give',
      { Handler: { 'Fn::GetAtt': ['AuthKeysJwkSetD8533B66', 'Nothing'] } },
      /Handler: Fn::GetAtt .* is not known here/,
    ],
  ])('%s', (_, properties, sentence) => {
    const { readFunction } = setUp(changeProperties('AWS::Lambda::Function', properties, '/me:'))

    expect(() => readFunction('me')).toThrow(sentence)
  })
})

describe('what AWS would answer with 500 stops the start', () => {
  const missing = (name: string) => (template: ChangeableTemplate) => {
    delete template.Resources[idOf(template, 'AWS::Lambda::Permission', name)]
  }

  test.each<[string, (template: ChangeableTemplate) => void, RegExp]>([
    [
      'a route without permission for its function',
      missing('/*/*/me'),
      /no AWS::Lambda::Permission lets API Gateway invoke me for arn:.*\/\$default\/GET\/me/,
    ],
    [
      'an authorizer without permission for its function',
      missing('/authorizers/'),
      /lets API Gateway invoke authorizer for arn:.*\/authorizers\//,
    ],
    [
      'a permission for another function',
      changeProperties('AWS::Lambda::Permission', { FunctionName: 'login' }, '/*/*/me'),
      /invoke me/,
    ],
    [
      'a permission for another method',
      changeProperties(
        'AWS::Lambda::Permission',
        { SourceArn: 'arn:aws:execute-api:us-east-1:000000000000:*/*/POST/me' },
        '/*/*/me',
      ),
      /invoke me/,
    ],
    [
      'a permission for another service',
      changeProperties('AWS::Lambda::Permission', { Principal: 'events.amazonaws.com' }, '/*/*/me'),
      /invoke me/,
    ],
    [
      'a permission for another action',
      changeProperties('AWS::Lambda::Permission', { Action: 'lambda:*' }, '/*/*/me'),
      /Action/,
    ],
  ])('%s', (_, change, sentence) => {
    expect(() => setUp(change)).toThrow(sentence)
  })
})

test.each<[string, (template: ChangeableTemplate) => void]>([
  [
    'a permission that names its function by name and its caller by wildcards',
    changeProperties(
      'AWS::Lambda::Permission',
      { FunctionName: 'me', SourceArn: 'arn:aws:execute-api:us-east-?:*:*/$default/GET/me' },
      '/*/*/me',
    ),
  ],
  ['a permission for every caller', changeProperties('AWS::Lambda::Permission', { SourceArn: undefined }, '/*/*/me')],
  [
    'credentials for one origin',
    changeProperties('AWS::ApiGatewayV2::Api', {
      CorsConfiguration: { AllowOrigins: ['https://app.example'], AllowCredentials: true },
    }),
  ],
  [
    'every origin without credentials',
    changeProperties('AWS::ApiGatewayV2::Api', { CorsConfiguration: { AllowOrigins: ['*'] } }),
  ],
])('%s is understood', (_, change) => {
  expect(() => setUp(change)).not.toThrow()
})
