import { expect, test } from '@jest/globals'
import { type Synthesised, synthesise } from '../../support/builders/stack.ts'

// No deployment brings back what these held: accounts and sessions, private keys and the one of TOTP secrets, the record of who did what, and that
// the owner of a domain lets mails come from it.
const holdData = ['AWS::DynamoDB::GlobalTable', 'AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::SES::EmailIdentity']

// What these are stands in the template, so a deployment makes them again. The JWK Set is read from the keys.
const madeAgain = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::ApiMapping',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::DomainName',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Logs::MetricFilter',
  'AWS::Route53::RecordSet',
  'AWS::SES::ConfigurationSet',
  'AWS::SES::ConfigurationSetEventDestination',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'Custom::Jwks',
]

const kept = [
  'AuthTable',
  'AuthMailIdentity',
  'AuthFactorKey',
  'AuthKeyskey1',
  'AuthKeyskey2',
  'StageLog',
  'melogs',
  'AuthKeysjwkslogs',
].concat(
  [
    'admin',
    'apiKeys',
    'authorizer',
    'discovery',
    'email',
    'factors',
    'login',
    'mail',
    'passkey',
    'password',
    'recover',
    'revoke',
    'sessions',
    'token',
  ].map((name) => `Auth${name}logs`),
)

const emailFrom = 'no-reply@example.com'

const domain = {
  domainName: 'auth.example.com',
  certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/abc',
  hostedZoneId: 'Z0123456789',
}

const ofData = ({ resources }: Synthesised) =>
  Object.entries(resources).filter(([, { Type }]) => holdData.includes(Type))

// REQ-138, REQ-199
test('of every type of resource it is decided whether it holds data', async () => {
  const { resources } = await synthesise({ stage: 'prod', alarmEmail: 'ops@example.com', emailFrom, ...domain })
  const types = new Set(Object.values(resources).map(({ Type }) => Type))

  expect([...types].sort()).toEqual([...holdData, ...madeAgain].sort())
})

test.each([
  ['prod', 'RetainExceptOnCreate', 'Retain'],
  ['sandbox', 'Delete', 'Delete'],
])(
  'in %s each of these is, when it leaves the stack: %s, and when it is replaced: %s',
  async (stage, left, replaced) => {
    const data = ofData(await synthesise({ stage, generations: '1 2', emailFrom, secondFactor: 'optional' }))
    const fates = data.map(([id, { DeletionPolicy, UpdateReplacePolicy }]) => [
      id.replace(/[0-9A-F]{8}$/, ''),
      DeletionPolicy,
      UpdateReplacePolicy,
    ])

    expect(fates.sort()).toEqual(kept.map((id) => [id, left, replaced]).sort())
  },
)

test('nothing else outlives its stack, not even in production', async () => {
  const { resources } = await synthesise({ stage: 'prod', emailFrom })
  const others = Object.values(resources).filter(({ Type }) => !holdData.includes(Type))
  const policies = others.flatMap(({ DeletionPolicy, UpdateReplacePolicy }) => [DeletionPolicy, UpdateReplacePolicy])

  expect(policies.filter((policy) => policy !== undefined && policy !== 'Delete')).toEqual([])
})
