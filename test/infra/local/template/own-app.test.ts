import { describe, expect, test } from '@jest/globals'
import { createPolicyEvaluator } from '../../../../infra/local/aws/iam.ts'
import type { Resource } from '../../../../infra/local/template/template.ts'
import {
  api,
  function_,
  integration,
  ownTemplate,
  ownValues,
  permission,
  policy,
  readOwnStack,
  route,
} from '../../../support/own-stack.ts'

const environment = (Variables: object) => function_({ Environment: { Variables } })
const role = (Properties: NonNullable<Resource['Properties']>): Resource => ({ Type: 'AWS::IAM::Role', Properties })

describe("someone's stack", () => {
  test('has all its HTTP APIs, each at an address of its own', () => {
    const endpoints = new Map([
      ['Api', 'http://localhost:3000'],
      ['Admin', 'http://localhost:3001'],
    ])
    const { apis, leftOut } = readOwnStack(ownTemplate(api('Admin')), { endpoints })

    expect(apis.map(({ logicalId, endpoint, stage, routes }) => [logicalId, endpoint, stage, routes.length])).toEqual([
      ['Api', 'http://localhost:3000', '$default', 1],
      ['Admin', 'http://localhost:3001', '$default', 1],
    ])
    expect(leftOut).toEqual([])
  })

  test('has stages with names, each with its variables and limits', () => {
    const live: Resource = {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: {
        ...{ ApiId: { Ref: 'Api' }, StageName: 'live', StageVariables: { color: 'blue' } },
        DefaultRouteSettings: { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 2 },
      },
    }
    const { apis } = readOwnStack(ownTemplate({ Live: live }))

    expect(apis.map(({ stage, variables, routes }) => [stage, variables, routes[0]?.limit])).toEqual([
      ['$default', {}, {}],
      ['live', { color: 'blue' }, { rate: 5, burst: 2 }],
    ])
  })

  test('names what is not served, once, and goes without it', () => {
    const { leftOut } = readOwnStack(
      ownTemplate({
        Queue: { Type: 'AWS::SQS::Queue' },
        Rest: { Type: 'AWS::ApiGateway::RestApi' },
        RestMethod: { Type: 'AWS::ApiGateway::Method' },
        Chat: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'WEBSOCKET' } },
        ChatRoute: route('Chat', 'ChatIntegration', { RouteKey: '$connect' }),
        Emptier: { Type: 'Custom::S3AutoDeleteObjects', Properties: { ServiceToken: 'arn' } },
        Alarm: { Type: 'AWS::CloudWatch::Alarm' },
      }),
    )

    expect(leftOut.map(({ logicalId, type }) => [logicalId, type])).toEqual([
      ['Queue', 'AWS::SQS::Queue'],
      ['Rest', 'AWS::ApiGateway::RestApi'],
      ['Chat', 'AWS::ApiGatewayV2::Api'],
      ['Emptier', 'Custom::S3AutoDeleteObjects'],
    ])
  })

  test('tells its functions names of what is not served, and never one that leads to an account', () => {
    const { readFunction } = readOwnStack(
      ownTemplate({
        Queue: { Type: 'AWS::SQS::Queue' },
        Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'invoices' } },
        Topic: { Type: 'AWS::SNS::Topic' },
        Orders: environment({
          QUEUE: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          BUCKET: { Ref: 'Bucket' },
          TOPIC: { Ref: 'Topic' },
          OTHER: { 'Fn::ImportValue': 'Other' },
        }),
      }),
    )

    expect(readFunction('Orders').environment).toEqual({
      QUEUE: 'arn:aws:sqs:us-east-1:000000000000:Shop-Queue',
      BUCKET: 'invoices',
      TOPIC: 'arn:aws:sns:us-east-1:000000000000:Shop-Topic',
      OTHER: 'ImportValue-Other',
    })
  })

  test('is in the account and Region that the app says', () => {
    const place = { account: '123456789012', region: 'eu-central-1' }
    const { readFunction, principals } = readOwnStack(ownTemplate(), { place })

    expect(readFunction('Orders').region).toBe('eu-central-1')
    expect(principals[0]?.arn).toBe('arn:aws:sts::123456789012:assumed-role/Shop-Role/Orders')
  })

  test('has its conditions, maps and parameters applied', () => {
    const template = {
      ...ownTemplate({
        Orders: environment({
          SIZE: { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'size'] },
          LEVEL: { Ref: 'Level' },
          MAYBE: { 'Fn::If': ['IsProd', 'x', { Ref: 'AWS::NoValue' }] },
        }),
      }),
      Mappings: { Sizes: { 'us-east-1': { size: 'big' } } },
      Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Level' }, 'prod'] } },
      Parameters: { Level: { Type: 'String', Default: 'dev' } },
    }
    const { Resources } = template
    const queue: Resource = { Type: 'AWS::SQS::Queue', Condition: 'IsProd' }
    const stack = { ...template, Resources: { ...Resources, Queue: queue } }
    const { readFunction, leftOut } = readOwnStack(stack, { parameter: (name) => ({ Level: 'dev' })[name] })

    expect(readFunction('Orders').environment).toEqual({ SIZE: 'big', LEVEL: 'dev' })
    expect(leftOut).toEqual([])
  })

  test('calls an alias of a function by the function', () => {
    const { apis } = readOwnStack(
      ownTemplate({
        Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Orders' } } },
        Live: {
          Type: 'AWS::Lambda::Alias',
          Properties: {
            FunctionName: { Ref: 'Orders' },
            FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
            Name: 'live',
          },
        },
        ApiIntegration: integration('Api', 'Orders', { IntegrationUri: { Ref: 'Live' } }),
        ApiPermission: permission('Api', 'Orders', { FunctionName: { Ref: 'Live' } }),
      }),
    )

    expect(apis[0]?.routes[0]?.functionArn).toBe('arn:aws:lambda:us-east-1:000000000000:function:Orders')
  })

  test('has the address on localhost for its domain, wherever that is named', () => {
    const { readFunction } = readOwnStack(
      ownTemplate({
        Name: { Type: 'AWS::ApiGatewayV2::DomainName', Properties: { DomainName: 'auth.example.com' } },
        Mapping: {
          Type: 'AWS::ApiGatewayV2::ApiMapping',
          Properties: { ApiId: { Ref: 'Api' }, DomainName: { Ref: 'Name' }, Stage: '$default' },
        },
        Orders: environment({
          ISSUER: 'https://auth.example.com',
          ORIGINS: 'https://auth.example.com https://auth.example.com.evil.example https://app.example.com',
        }),
      }),
    )

    expect(readFunction('Orders').environment).toEqual({
      ISSUER: 'http://localhost:3000',
      ORIGINS: 'http://localhost:3000 https://auth.example.com.evil.example https://app.example.com',
    })
  })
})

describe('a function that cannot run here is left out, and its route says why behind its authorizer', () => {
  test.each<[string, object, RegExp]>([
    ['of another language', { Runtime: 'python3.13' }, /^python3\.13 does not run here$/],
    ['in a container', { Runtime: undefined, Code: { ImageUri: 'image' } }, /^container images do not run here$/],
    ['whose code is elsewhere', { Code: { S3Bucket: 'b', S3Key: 'k.zip' } }, /^its code is not in the app$/],
    ['with a disk', { FileSystemConfigs: [] }, /FileSystemConfigs: this property is not understood here/],
  ])('%s', (_, properties, why) => {
    const { apis, leftOut, functionNames } = readOwnStack(ownTemplate({ Orders: function_(properties) }))

    expect(functionNames).toEqual(['Guard'])
    expect(leftOut.map(({ logicalId }) => logicalId)).toEqual(['Orders'])
    expect(apis[0]?.routes[0]).toMatchObject({ unserved: expect.stringMatching(why), authorizer: { resultTtl: 300 } })
  })

  test.each<[string, object]>([
    ['an address', { IntegrationType: 'HTTP_PROXY', IntegrationUri: 'https://example.com' }],
    ['another service', { IntegrationSubtype: 'SQS-SendMessage', IntegrationUri: undefined }],
    ['the older payload', { PayloadFormatVersion: '1.0' }],
    ['changed parameters', { RequestParameters: { 'overwrite:header.x-user': '$context.authorizer.sub' } }],
    ['a function of another stack', { IntegrationUri: 'arn:aws:lambda:us-east-1:000000000000:function:other' }],
  ])('so it is with an integration of %s', (_, properties) => {
    const { apis } = readOwnStack(ownTemplate({ ApiIntegration: integration('Api', 'Orders', properties) }))

    expect(apis[0]?.routes[0]).toMatchObject({ unserved: expect.any(String), authorizer: { resultTtl: 300 } })
  })
})

// REQ-72
describe('nothing that guards a route is left out: the start stops and names it', () => {
  const authorizer = (properties: object) => {
    const { ApiAuthorizer } = api('Api')
    return {
      ApiAuthorizer: {
        Type: 'AWS::ApiGatewayV2::Authorizer',
        Properties: { ...ApiAuthorizer?.Properties, ...properties },
      },
    }
  }

  test.each<[string, Readonly<Record<string, Resource | undefined>>, RegExp]>([
    [
      'an authorizer that answers policies',
      authorizer({ EnableSimpleResponses: undefined }),
      /^ApiAuthorizer .*EnableSimple/,
    ],
    ['an authorizer with an unknown property', authorizer({ Other: 1 }), /^ApiAuthorizer .*Other: this property/],
    [
      'an authorizer of another language',
      { Guard: function_({ Runtime: 'python3.13' }) },
      /^ApiAuthorizer, AuthorizerUri: its function cannot run here: python3\.13/,
    ],
    [
      'an authorizer that is not there',
      { ApiAuthorizer: undefined },
      /^ApiRoute .*AuthorizerId: Ref "ApiAuthorizer" is not known here/,
    ],
    [
      'an authorizer of nowhere',
      authorizer({ AuthorizerUri: { 'Fn::ImportValue': 'Guard' } }),
      /^ApiAuthorizer .*Fn::ImportValue is not understood/,
    ],
    [
      'a route by IAM',
      { ApiRoute: route('Api', 'ApiIntegration', { AuthorizationType: 'AWS_IAM', AuthorizerId: undefined }) },
      /^ApiRoute .*AuthorizationType/,
    ],
    [
      'a route with an unknown property',
      { ApiRoute: route('Api', 'ApiIntegration', { ApiKeyRequired: true }) },
      /^ApiRoute .*ApiKeyRequired: this property/,
    ],
    [
      'a route that says nothing of authorization',
      { ApiRoute: route('Api', 'ApiIntegration', { AuthorizationType: undefined }) },
      /^ApiRoute .*AuthorizationType/,
    ],
    [
      'a permission with an unknown property',
      { ApiPermission: permission('Api', 'Orders', { Other: 1 }) },
      /^ApiPermission .*Other: this property/,
    ],
    [
      'a permission that is missing',
      { ApiGuardPermission: undefined },
      /^ApiAuthorizer: no AWS::Lambda::Permission lets API Gateway invoke Guard/,
    ],
    [
      'a permission for an API that is not served',
      {
        ApiPermission: permission('Api', 'Orders', {
          SourceArn: { 'Fn::Join': ['', ['arn:aws:execute-api:us-east-1:000000000000:', { Ref: 'Rest' }, '/*']] },
        }),
        Rest: { Type: 'AWS::ApiGateway::RestApi' },
      },
      /^ApiRoute: no AWS::Lambda::Permission/,
    ],
    [
      'an API with a body of its own',
      { Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP', Body: {} } } },
      /^Api .*Body: this property/,
    ],
    [
      'a condition that is not known',
      { ApiRoute: { ...route('Api', 'ApiIntegration'), Condition: 'Nothing' } },
      /^ApiRoute .*its condition Nothing is not known here/,
    ],
  ])('%s', (_, changes, sentence) => {
    expect(() => readOwnStack(ownTemplate(changes))).toThrow(sentence)
  })
})

// REQ-137
describe('the role of a function', () => {
  const decide = (more: Readonly<Record<string, Resource>>, action: string, resource: string) => {
    const { principals } = readOwnStack(ownTemplate(more))
    return createPolicyEvaluator(principals[0]?.policies ?? [], 'Orders')({ action, resource, context: {} })
  }
  const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/Shop-Table'
  const Table: Resource = {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'N' }],
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
    },
  }

  test("allows what CDK's grants say, and nothing else", () => {
    const grant = policy({
      Effect: 'Allow',
      Action: ['dynamodb:GetItem'],
      Resource: { 'Fn::GetAtt': ['Table', 'Arn'] },
    })

    expect(decide({ Table, Policy: grant }, 'dynamodb:GetItem', table)).toBe('allowed')
    expect(decide({ Table, Policy: grant }, 'dynamodb:PutItem', table)).toBe('not allowed')
    expect(decide({ Table }, 'dynamodb:GetItem', table)).toBe('not allowed')
  })

  test.each([
    ['AmazonDynamoDBReadOnlyAccess', 'dynamodb:Query', 'dynamodb:PutItem'],
    ['AWSLambda_FullAccess', 'lambda:InvokeFunction', 'dynamodb:Query'],
  ])("allows what AWS's own policy %s does", (name, allowed, refused) => {
    const Role = role({ ManagedPolicyArns: [`arn:aws:iam::aws:policy/${name}`] })

    expect([decide({ Role }, allowed, table), decide({ Role }, refused, table)]).toEqual(['allowed', 'not allowed'])
  })

  test('has the managed policies of the stack, by whichever end names them', () => {
    const PolicyDocument = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' }],
    }
    const named = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument } }
    const attached = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument, Roles: [{ Ref: 'Role' }] } }

    expect(
      decide({ Managed: named, Role: role({ ManagedPolicyArns: [{ Ref: 'Managed' }] }) }, 'dynamodb:Scan', table),
    ).toBe('allowed')
    expect(decide({ Managed: attached }, 'dynamodb:Scan', table)).toBe('allowed')
    expect(decide({ Managed: named }, 'dynamodb:Scan', table)).toBe('not allowed')
  })

  test('may say whatever it likes of services that are not served', () => {
    const statement = {
      Effect: 'Allow',
      Action: ['s3:PutObject', 'sqs:*'],
      Resource: { 'Fn::GetAtt': ['Bucket', 'Arn'] },
      Condition: { ArnLike: { 'aws:SourceArn': 'x' } },
    }
    const more = { Bucket: { Type: 'AWS::S3::Bucket' }, Policy: policy(statement) }

    expect(decide(more, 'dynamodb:GetItem', table)).toBe('not allowed')
  })

  test.each<[string, Readonly<Record<string, Resource>>, RegExp]>([
    [
      'a condition on a service that is served',
      {
        Policy: policy({
          Effect: 'Allow',
          Action: 'dynamodb:*',
          Resource: '*',
          Condition: { Bool: { 'aws:SecureTransport': 'true' } },
        }),
      },
      /^A policy statement of Orders is not understood here \(Condition\.Bool/,
    ],
    [
      'whatever is not an action',
      { Policy: policy({ Effect: 'Deny', NotAction: 's3:*', Resource: '*' }) },
      /^A policy statement of Orders is not understood here/,
    ],
    [
      'an unknown policy of AWS',
      { Role: role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/Unheard'] }) },
      /^Role .*the policy arn:aws:iam::aws:policy\/Unheard is not known here/,
    ],
  ])('stops the start at %s', (_, more, sentence) => {
    expect(() => decide(more, 'dynamodb:GetItem', table)).toThrow(sentence)
  })
})

describe('what only the owner knows', () => {
  const readable = policy(
    {
      Effect: 'Allow',
      Action: 'ssm:GetParameter',
      Resource: 'arn:aws:ssm:us-east-1:000000000000:parameter/shop/greeting',
    },
    {
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:shop-key-??????',
    },
  )
  const more = {
    Policy: readable,
    Own: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/shop/own', Type: 'String', Value: { Ref: 'Queue' } } },
    Generated: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'generated', GenerateSecretString: {} } },
    Queue: { Type: 'AWS::SQS::Queue' },
    Orders: environment({
      KEY: '{{resolve:secretsmanager:shop-key:SecretString:key::}}',
      LEVEL: '{{resolve:ssm:/shop/level}}',
    }),
  }

  test('is asked for by its names', () => {
    const { values, missing } = ownValues()
    readOwnStack(ownTemplate(more), { values }).readFunction('Orders')

    expect(new Set(missing)).toEqual(
      new Set(['parameters /shop/greeting', 'secrets shop-key', 'secrets generated', 'parameters /shop/level']),
    )
  })

  test('is there for its functions', () => {
    const { values, missing } = ownValues({
      parameters: { '/shop/greeting': 'hello', '/shop/level': '3' },
      secrets: { 'shop-key': '{"key":"k"}', generated: 'g' },
    })
    const { parameters, secrets, readFunction } = readOwnStack(ownTemplate(more), { values })

    expect(missing).toEqual([])
    expect(parameters.map(({ name }) => name).sort()).toEqual(['/shop/greeting', '/shop/level', '/shop/own'])
    expect(secrets.map(({ name, value }) => [name, value])).toEqual([
      ['generated', 'g'],
      ['shop-key', '{"key":"k"}'],
    ])
    expect(readFunction('Orders').environment).toEqual({ KEY: 'k', LEVEL: '3' })
  })
})
