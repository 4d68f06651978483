import type { Values } from '../../infra/local/template/parts.ts'
import { localPlace, type Stack } from '../../infra/local/template/physical-ids.ts'
import { readStack } from '../../infra/local/template/stack.ts'
import type { LeftOut, Resource, Template } from '../../infra/local/template/template.ts'

type Resources = Readonly<Record<string, Resource>>

const statement = (Principal: object) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal })
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] })
const callers = (api: string, path: string) => ({
  'Fn::Join': [
    '',
    ['arn:aws:execute-api:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':', { Ref: api }, path],
  ],
})

export const integration = (api: string, function_ = 'Orders', more: object = {}): Resource => ({
  Type: 'AWS::ApiGatewayV2::Integration',
  Properties: {
    ...{ ApiId: { Ref: api }, IntegrationType: 'AWS_PROXY', IntegrationUri: arnOf(function_) },
    PayloadFormatVersion: '2.0',
    ...more,
  },
})

export const route = (api: string, target: string, more: object = {}): Resource => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: {
    ...{
      ApiId: { Ref: api },
      RouteKey: 'GET /orders',
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: target }]] },
    },
    ...{ AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: `${api}Authorizer` } },
    ...more,
  },
})

export const function_ = (more: object = {}): Resource => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    ...{ Runtime: 'nodejs24.x', Handler: 'index.handler', Role: arnOf('Role') },
    Code: { ZipFile: "exports.handler = async () => ({ statusCode: 200, body: 'orders' })" },
    ...more,
  },
})

export const permission = (api: string, function_ = 'Orders', more: object = {}): Resource => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    ...{ Action: 'lambda:InvokeFunction', FunctionName: arnOf(function_), Principal: 'apigateway.amazonaws.com' },
    SourceArn: callers(api, '/*'),
    ...more,
  },
})

/** An HTTP API as CDK writes it, with one route behind an authorizer of another function. */
export const api = (id: string): Resources => ({
  [id]: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP', Name: id } },
  [`${id}Stage`]: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: { Ref: id }, StageName: '$default', AutoDeploy: true },
  },
  [`${id}Authorizer`]: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      ...{ ApiId: { Ref: id }, AuthorizerType: 'REQUEST', AuthorizerPayloadFormatVersion: '2.0' },
      ...{ EnableSimpleResponses: true, IdentitySource: ['$request.header.Authorization'] },
      AuthorizerUri: {
        'Fn::Join': [
          '',
          ['arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/', arnOf('Guard'), '/invocations'],
        ],
      },
    },
  },
  [`${id}Integration`]: integration(id),
  [`${id}Route`]: route(id, `${id}Integration`),
  [`${id}Permission`]: permission(id),
  [`${id}GuardPermission`]: permission(id, 'Guard'),
})

/** What someone's app may have: an API, its function, and an authorizer that lets `yes` in. */
export const ownTemplate = (more: Readonly<Record<string, Resource | undefined>> = {}): Template => ({
  Resources: JSON.parse(
    JSON.stringify({
      ...api('Api'),
      Orders: function_(),
      Guard: function_({
        Code: {
          ZipFile: "exports.handler = async ({ headers }) => ({ isAuthorized: headers.authorization === 'yes' })",
        },
      }),
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: { Statement: [statement({ Service: 'lambda.amazonaws.com' })] },
          ManagedPolicyArns: [
            {
              'Fn::Join': [
                '',
                ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
              ],
            },
          ],
        },
      },
      ...more,
    }),
  ),
})

/** What an owner has filled in, and what else was asked for. */
export function ownValues(
  given: { readonly [kind in Parameters<Values['find']>[0]]?: Readonly<Record<string, string>> } = {},
) {
  const missing: string[] = []
  const values: Values = {
    all: (kind) => Object.entries(given[kind] ?? {}),
    find(kind, name) {
      const found = given[kind]?.[name]
      if (found === undefined) missing.push(`${kind} ${name}`)
      return found
    },
  }
  return { values, missing }
}

/** Reads a template as the stack of someone's app, with all that is left out. */
export function readOwnStack(template: Template, more: Partial<Stack> & { readonly values?: Values } = {}) {
  const leftOut: LeftOut[] = []
  const stack = readStack({
    ...{ name: 'Shop', template, place: localPlace, endpoint: 'http://localhost:3000', provided: new Map() },
    ...more,
    assetFolder: () => undefined,
    leaveOut: (resource) => void leftOut.push(resource),
  })
  return { ...stack, leftOut }
}

export const policy = (...Statement: readonly object[]): Resource => ({
  Type: 'AWS::IAM::Policy',
  Properties: {
    ...{ PolicyName: 'Policy', Roles: [{ Ref: 'Role' }] },
    PolicyDocument: { Version: '2012-10-17', Statement },
  },
})
