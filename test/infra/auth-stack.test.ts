import { describe, expect, test } from '@jest/globals'
import { Template } from 'aws-cdk-lib/assertions'
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway'
import { App, Stack } from 'aws-cdk-lib/core'
import { readEnv } from '../../functions/adapters/environment/environment.ts'
import { adminEnv } from '../../functions/admin/env.ts'
import { apiKeysEnv } from '../../functions/apiKeys/env.ts'
import { authorizeEnv } from '../../functions/authorize/env.ts'
import { authorizerEnv } from '../../functions/authorizer/env.ts'
import { authorizerImmediateEnv } from '../../functions/authorizerImmediate/env.ts'
import { clientMetadataEnv } from '../../functions/clientMetadata/env.ts'
import { discoveryEnv } from '../../functions/discovery/env.ts'
import { emailEnv } from '../../functions/email/env.ts'
import { loginEnv } from '../../functions/login/env.ts'
import { migrateEnv } from '../../functions/migrate/env.ts'
import { passwordEnv } from '../../functions/password/env.ts'
import { registerEnv } from '../../functions/register/env.ts'
import { revokeEnv } from '../../functions/revoke/env.ts'
import { sessionsEnv } from '../../functions/sessions/env.ts'
import { tokenEnv } from '../../functions/token/env.ts'
import { TokenAuth } from '../../infra/construct/token-auth.ts'
import { synthesise } from '../support/builders/stack.ts'

const migration = 'arn:aws:lambda:eu-central-1:123456789012:function:old-users'
const sandbox = {}
const prod = {
  stage: 'prod',
  issuer: 'https://auth.example.com',
  scopes: 'a b',
}
const endpoint = { 'Fn::GetAtt': ['ApiF70053CD', 'ApiEndpoint'] }

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
      ['admin', 1024, 60],
      ['apiKeys', 256, 10],
      ['authorizer', 256, 5],
      ['discovery', 256, 5],
      ['jwks', 256, 30],
      ['login', 1024, 10],
      ['me', 256, 5],
      ['password', 1024, 20],
      ['revoke', 256, 10],
      ['sessions', 256, 20],
      ['token', 256, 28],
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

  test('may take all the concurrency there is, except where passwords are hashed and a limit is set', async () => {
    // REQ-30, REQ-145
    const limited = async (context: object) =>
      (await synthesise({ ...context }))
        .ofType('AWS::Lambda::Function')
        .map(([name, { Properties }]) => [name, Properties['ReservedConcurrentExecutions']])
        .filter(([, limit]) => limit !== undefined)

    expect(await limited({})).toEqual([])
    expect(await limited({ loginConcurrency: 0 })).toEqual([])
    const hashing = await limited({ loginConcurrency: 20, selfRegistration: true })
    expect(hashing.sort()).toEqual(['login', 'password', 'register'].map((name) => [name, 20]))
  })

  test.each([
    ['login', loginEnv],
    ['authorizer', authorizerEnv],
    ['discovery', discoveryEnv],
    ['admin', adminEnv],
    ['token', tokenEnv],
    ['revoke', revokeEnv],
    ['sessions', sessionsEnv],
    ['apiKeys', apiKeysEnv],
    ['password', passwordEnv],
    ['register', registerEnv],
    ['email', emailEnv],
    ['migrate', migrateEnv],
    ['authorize', authorizeEnv],
    ['clientMetadata', clientMetadataEnv],
  ])('gets the variables that it reads, in the form that it reads: %s', async (name, spec) => {
    for (const context of [sandbox, prod]) {
      const settings = {
        ...{ ...context, selfRegistration: name === 'register' },
        ...(name === 'migrate' && { migration }),
        ...(['authorize', 'clientMetadata'].includes(name) && { signInPages: true, clientsByUrl: 'agent.example.com' }),
        ...(name === 'email' && { emailFrom: 'no-reply@example.com' }),
      }
      const given = Object.entries((await synthesise(settings)).lambda(name).variables)
      const deployed = given.map(([key, value]) => [key, typeof value === 'string' ? value : 'https://made.at.deploy'])

      expect(given.map(([key]) => key).sort()).toEqual(Object.keys(spec).sort())
      expect(Object.keys(readEnv(spec, Object.fromEntries(deployed))).sort()).toEqual(Object.keys(spec).sort())
    }
  })

  test('gets what the settings say of sessions', async () => {
    const given = { refreshGrace: 0, sessionIdleLimit: 600, sessionLimit: 6000, sessionsPerUser: 3 }
    const stack = await synthesise(given)
    const limits = { SESSION_IDLE_LIMIT: '600', SESSION_LIMIT: '6000' }

    expect(stack.lambda('login').variables).toMatchObject({ ...limits, SESSIONS_PER_USER: '3' })
    expect(stack.lambda('token').variables).toMatchObject({ ...limits, REFRESH_GRACE: '0' })
    expect(stack.lambda('sessions').variables).toMatchObject(limits)
  })

  test('gets what the settings say of accounts', async () => {
    const given = { selfRegistration: true, serviceName: 'Orders', minimumPasswordLength: 8, addressFailures: 7 }
    const stack = await synthesise({ ...given, accountFailures: 3 })
    const policy = { SERVICE_NAME: 'Orders', MINIMUM_PASSWORD_LENGTH: '8' }
    const limits = { ACCOUNT_FAILURES: '3', ADDRESS_FAILURES: '7' }

    expect(stack.lambda('login').variables).toMatchObject(limits)
    expect(stack.lambda('password').variables).toMatchObject({ ...policy, ...limits })
    expect(stack.lambda('register').variables).toMatchObject({ ...policy, ADDRESS_FAILURES: '7' })
    expect(stack.lambda('admin').variables).toMatchObject(policy)
  })

  // REQ-58
  test("says the API's own address as issuer and audience, or what the settings say", async () => {
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

// REQ-196
describe('a domain', () => {
  const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/abc'
  const domain = { domainName: 'auth.example.com', certificateArn, hostedZoneId: 'Z0123456789' }

  test('is what all outputs and functions say, in place of the execute-api address', async () => {
    const { outputs, resources, lambda } = await synthesise(domain)
    const output = (name: string) => Object(outputs[name]).Value

    expect(['ApiUrl', 'Issuer', 'Audience', 'JwksUrl'].map(output)).toEqual([
      ...Array(3).fill('https://auth.example.com'),
      'https://auth.example.com/.well-known/jwks.json',
    ])
    expect(lambda('discovery').variables['ISSUER']).toBe('https://auth.example.com')
    expect(JSON.stringify([outputs, resources])).not.toContain('"ApiEndpoint"')
  })

  test('adds resources, and changes no logical id and no output of the others', async () => {
    const [stack, usual] = await Promise.all([synthesise(domain), synthesise(sandbox)])
    const added = Object.keys(stack.resources).filter((id) => !(id in usual.resources))

    expect(Object.keys(usual.resources).filter((id) => !(id in stack.resources))).toEqual([])
    expect(added.map((id) => stack.resources[id]?.Type).sort()).toEqual([
      'AWS::ApiGatewayV2::ApiMapping',
      'AWS::ApiGatewayV2::DomainName',
      'AWS::Route53::RecordSet',
      'AWS::Route53::RecordSet',
    ])
    expect(Object.keys(stack.outputs)).toEqual(Object.keys(usual.outputs))
    expect(JSON.stringify(usual.resources)).not.toMatch(/DisableExecuteApiEndpoint|"Domain"|"Zone"/)
  })

  test('has outputs with short names that say where its name has to point to without a zone', async () => {
    const { domainName } = domain
    const { outputs } = await synthesise({ domainName, certificateArn })

    expect(Object.keys(outputs)).toEqual(expect.arrayContaining(['DomainTarget', 'DomainTargetZoneId']))
  })

  test.each<[string, object]>([
    ['', {}],
    [', whatever the issuer is', { issuer: 'https://auth.example.com' }],
  ])('is none on localhost%s', async (_, issuer) => {
    const [stack, usual] = await Promise.all(
      [{ ...domain, ...issuer }, {}].map((given) => synthesise(given, 'localhost')),
    )

    expect(stack?.template).toEqual(usual?.template)
  })
})

describe('mail', () => {
  const emailFrom = 'no-reply@example.com'

  test('adds resources and outputs, and changes no logical id of the others', async () => {
    const [stack, usual] = await Promise.all([synthesise({ emailFrom }), synthesise(sandbox)])
    const added = Object.keys(stack.resources).filter((id) => !(id in usual.resources))

    expect(Object.keys(usual.resources).filter((id) => !(id in stack.resources))).toEqual([])
    expect(added.map((id) => stack.resources[id]?.Type)).toEqual(
      expect.arrayContaining([
        'AWS::SES::ConfigurationSet',
        'AWS::SES::ConfigurationSetEventDestination',
        'AWS::SES::EmailIdentity',
      ]),
    )
    expect(Object.keys(stack.outputs)).toEqual(
      expect.arrayContaining(['DkimRecord1', 'DkimRecord2', 'DkimRecord3', 'MailProductionAccess']),
    )
    expect(JSON.stringify(usual.resources)).not.toMatch(/AWS::SES|ses:SendEmail/)
  })

  test.each([
    ['sandbox', 'Delete'],
    ['prod', 'RetainExceptOnCreate'],
  ])('has an identity that a %s loses or keeps as it does its table', async (stage, policy) => {
    const { only } = await synthesise({ stage, emailFrom })

    expect(only('AWS::SES::EmailIdentity').DeletionPolicy).toBe(policy)
    expect(only('AWS::DynamoDB::GlobalTable').DeletionPolicy).toBe(policy)
  })

  test('makes no identity where one is named', async () => {
    const emailIdentityArn = 'arn:aws:ses:eu-central-1:123456789012:identity/example.com'
    const { ofType, outputs } = await synthesise({ emailFrom, emailIdentityArn })

    expect(ofType('AWS::SES::EmailIdentity')).toEqual([])
    expect(Object.keys(outputs).filter((name) => /Dkim|Mail/.test(name))).toEqual(['MailProductionAccess'])
  })
})

describe('immediate revocation', () => {
  const immediate = { revocation: 'immediate' }

  test('puts another authorizer in the place of the one, with the variables that it reads', async () => {
    const [stack, usual] = await Promise.all([synthesise(immediate), synthesise(sandbox)])
    const codeOf = ({ resources }: typeof stack) => JSON.stringify(resources['authorizer']?.Properties['Code'])

    expect(Object.keys(stack.lambda('authorizer').variables).sort()).toEqual(Object.keys(authorizerImmediateEnv).sort())
    expect(Object.keys(usual.lambda('authorizer').variables).sort()).toEqual(Object.keys(authorizerEnv).sort())
    expect(codeOf(stack)).not.toBe(codeOf(usual))
  })

  // REQ-198
  test('changes no logical id and no output, so that APIs and other stacks keep what they refer to', async () => {
    const [stack, usual] = await Promise.all([synthesise(immediate), synthesise(sandbox)])

    expect(Object.keys(stack.resources).sort()).toEqual(Object.keys(usual.resources).sort())
    expect(stack.only('AWS::ApiGatewayV2::Authorizer')).toEqual(usual.only('AWS::ApiGatewayV2::Authorizer'))
    expect(stack.outputs).toEqual(usual.outputs)
  })

  test('keeps the deployment of a REST API', () => {
    const deploymentOf = (revocation: 'lifetime' | 'immediate') => {
      const context = { '@aws-cdk/aws-apigateway:authorizerChangeDeploymentLogicalId': true }
      const app = new App({ context, builtinCloudFormationValidation: false })
      const shop = new Stack(app, 'Shop')
      const auth = new TokenAuth(shop, 'Auth', { issuer: 'https://auth.example.com', revocation })
      const rest = new RestApi(shop, 'Rest', { defaultMethodOptions: { authorizer: auth.restAuthorizer() } })
      rest.root.addMethod('GET', new MockIntegration())
      return Object.keys(Template.fromStack(shop).findResources('AWS::ApiGateway::Deployment'))
    }

    expect(deploymentOf('immediate')).toEqual(deploymentOf('lifetime'))
  })

  test('changes nothing about the others', async () => {
    const [stack, usual] = await Promise.all([synthesise(immediate), synthesise(sandbox)])
    for (const name of ['login', 'token', 'revoke', 'sessions', 'apiKeys', 'admin', 'me', 'discovery']) {
      const { DependsOn: _, ...here } = stack.resources[name] ?? {}
      const { DependsOn: __, ...there } = usual.resources[name] ?? {}
      expect(here).toEqual(there)
    }
  })
})

describe('a stage of the service', () => {
  const keeps = ['AWS::DynamoDB::GlobalTable', 'AWS::KMS::Key', 'AWS::Logs::LogGroup']

  test.each([
    ['sandbox', sandbox, 'Delete', false],
    ['prod', prod, 'RetainExceptOnCreate', true],
  ])('%s keeps or forgets its table, keys and logs as a whole', async (_stage, context, policy, lasting) => {
    // REQ-138
    const stack = await synthesise(context)
    const policies = keeps.flatMap((type) => stack.ofType(type).map(([, { DeletionPolicy }]) => DeletionPolicy))

    expect(new Set(policies)).toEqual(new Set([policy]))
    expect(stack.only('AWS::DynamoDB::GlobalTable').Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      Replicas: [
        {
          DeletionProtectionEnabled: false,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: lasting },
        },
      ],
    })
  })

  test('keeps every log for a month, or as long as is set', async () => {
    // REQ-125
    const retention = async (context: object) =>
      (await synthesise({ ...context }))
        .ofType('AWS::Logs::LogGroup')
        .map(([, { Properties }]) => Properties['RetentionInDays'])

    expect(await retention(prod)).toEqual(Array(12).fill(30))
    expect(await retention({ logRetention: '365' })).toEqual(Array(12).fill(365))
  })

  test.each(['sandbox', 'prod'])('is told by its tags, on the stack and on whatever takes tags: %s', async (stage) => {
    const { resources, tags } = await synthesise({ stage })
    const isTagged = (text: string) => text.includes('"latchkey"') && text.includes(`"${stage}"`)
    const untagged = Object.values(resources).filter(({ Properties }) => !isTagged(JSON.stringify(Properties)))

    expect(tags).toEqual({ project: 'latchkey', stage })
    expect([...new Set(untagged.map(({ Type }) => Type))].sort()).toEqual([
      'AWS::ApiGatewayV2::Authorizer',
      'AWS::ApiGatewayV2::Integration',
      'AWS::ApiGatewayV2::Route',
      'AWS::IAM::Policy',
      'AWS::Lambda::Permission',
      'AWS::Logs::MetricFilter',
      'Custom::Jwks',
    ])
  })

  // A first deployment that fails can only be repeated where table and stack may be deleted.
  test('protects table and stack from deletion only when it is told to', async () => {
    const protectedBy = async (settings: object) => {
      const stack = await synthesise({ ...prod, ...settings })
      const replicas = JSON.stringify(stack.only('AWS::DynamoDB::GlobalTable').Properties['Replicas'])
      return [stack.terminationProtection, replicas.includes('"DeletionProtectionEnabled":true')]
    }

    expect(await protectedBy({})).toEqual([false, false])
    expect(await protectedBy({ deletionProtection: true })).toEqual([true, true])
  })

  test('writes the access log where API Gateway may write without a resource policy, under a name of this stack', async () => {
    const groups = (await synthesise(prod)).ofType('AWS::Logs::LogGroup')
    const names = groups.map(([, { Properties }]) => Properties['LogGroupName']).filter((name) => name !== undefined)
    const uuid = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }

    expect(names).toEqual([{ 'Fn::Join': ['-', [expect.stringMatching(/^\/aws\/vendedlogs\/Latchkey-prod-/), uuid]] }])
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
    AdminFunctionName: { Value: { Ref: 'admin' }, Description: expect.stringContaining('admin commands') },
  })
})
