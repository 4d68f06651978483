import { expect, test } from '@jest/globals'
import { type Statement, type Synthesised, synthesise } from '../../support/builders/stack.ts'

/** One line for each action. Resources go by their types, for their ids say nothing. */
function describeStatement(stack: Synthesised, { Effect, Action, Resource, Condition }: Statement): readonly string[] {
  const resources = [Resource].flat().map((resource) => nameOf(stack, resource))
  const condition = Condition ? ` if ${JSON.stringify(Condition)}` : ''
  return [Action].flat().map((action) => `${Effect} ${action} on ${resources.join(', ')}${condition}`)
}

function nameOf({ resources }: Synthesised, resource: unknown): string {
  const [id = ''] = (resource as { 'Fn::GetAtt'?: readonly string[] })['Fn::GetAtt'] ?? []
  return resources[id]?.Type ?? JSON.stringify(resource)
}

const names = [
  'admin',
  'apiKeys',
  'authorizer',
  'discovery',
  'jwks',
  'login',
  'me',
  'password',
  'revoke',
  'sessions',
  'token',
]
const logs = ['Allow logs:CreateLogStream on AWS::Logs::LogGroup', 'Allow logs:PutLogEvents on AWS::Logs::LogGroup']
const onItems = (...patterns: readonly string[]) =>
  `AWS::DynamoDB::GlobalTable if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":${JSON.stringify(patterns)}},"Null":{"dynamodb:LeadingKeys":"false"}}`
const onKeysOf = (pattern: string) =>
  `AWS::DynamoDB::GlobalTable if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["${pattern}"]},"Null":{"dynamodb:LeadingKeys":"false","dynamodb:Attributes":"false"},"ForAllValues:StringEquals":{"dynamodb:Attributes":["pk","sk"]}}`
const written = ['ACCOUNT#*', 'SECRET#*', 'SESSIONS#*', 'ID#*', 'DIRECTORY#*']
const ofClients = ['CLIENT#*', 'CLIENTS']
const oldUsers = 'arn:aws:lambda:eu-central-1:123456789012:function:old-users'
const tenants = 'arn:aws:lambda:eu-central-1:123456789012:function:tenants'
const steps = ['DEVICE#*', 'CODE#login#*', 'CODE#factor#*']
const forSubject =
  'if {"ForAllValues:StringEquals":{"kms:EncryptionContextKeys":["sub"]},"Null":{"kms:EncryptionContextKeys":"false"}}'
const asTokens = 'if {"StringEquals":{"kms:SigningAlgorithm":"RSASSA_PKCS1_V1_5_SHA_256","kms:MessageType":"DIGEST"}}'

// REQ-114, REQ-119, REQ-137, REQ-159
test.each<[string, readonly string[], object?]>([
  ['authorizer', []],
  ['me', []],
  ['discovery', []],
  [
    'jwks',
    ['Allow cloudformation:DescribeStacks on {"Ref":"AWS::StackId"}', 'Allow kms:GetPublicKey on AWS::KMS::Key'],
  ],
  [
    'login',
    [
      `Allow dynamodb:DeleteItem on ${onItems('SESSIONS#*', 'THROTTLE#*', 'DEVICE#*', 'CODE#login#*')}`,
      `Allow dynamodb:GetItem on ${onItems('ACCOUNT#*', 'SECRET#*', 'SESSIONS#*', 'ID#*')}`,
      `Allow dynamodb:PutItem on ${onItems('SESSIONS#*', 'DEVICE#*', 'CODE#login#*')}`,
      `Allow dynamodb:Query on ${onItems('SECRET#*', 'SESSIONS#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('SECRET#*', 'THROTTLE#*', 'LOG', 'DEVICE#*', 'CODE#login#*')}`,
      'Allow kms:GetPublicKey on AWS::KMS::Key',
      `Allow kms:Sign on AWS::KMS::Key ${asTokens}`,
    ],
  ],
  [
    'factors',
    [
      `Allow dynamodb:ConditionCheckItem on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:DeleteItem on ${onItems('SECRET#*', 'SESSIONS#*', 'THROTTLE#*', ...steps)}`,
      `Allow dynamodb:GetItem on ${onItems('ACCOUNT#*', 'SESSIONS#*', 'CODE#login#*', 'CODE#factor#*')}`,
      `Allow dynamodb:PutItem on ${onItems('SECRET#*', 'SESSIONS#*', 'DEVICE#*')}`,
      `Allow dynamodb:Query on ${onItems('SECRET#*', 'SESSIONS#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('SECRET#*', ...steps)}`,
      `Allow kms:Decrypt on AWS::KMS::Key ${forSubject}`,
      `Allow kms:Encrypt on AWS::KMS::Key ${forSubject}`,
      'Allow kms:GetPublicKey on AWS::KMS::Key',
      `Allow kms:Sign on AWS::KMS::Key ${asTokens}`,
    ],
    { secondFactor: 'optional' },
  ],
  [
    'passkey',
    [
      `Allow dynamodb:ConditionCheckItem on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:DeleteItem on ${onItems('SECRET#*', 'SESSIONS#*', 'ID#passkey#*', 'THROTTLE#*', ...steps)}`,
      `Allow dynamodb:GetItem on ${onItems('ACCOUNT#*', 'SECRET#*', 'SESSIONS#*', 'ID#passkey#*', 'CODE#login#*', 'CODE#factor#*')}`,
      `Allow dynamodb:PutItem on ${onItems('SECRET#*', 'SESSIONS#*', 'ID#passkey#*', 'DEVICE#*', 'CODE#login#*')}`,
      `Allow dynamodb:Query on ${onItems('SECRET#*', 'SESSIONS#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('SECRET#*', ...steps)}`,
      'Allow kms:GetPublicKey on AWS::KMS::Key',
      `Allow kms:Sign on AWS::KMS::Key ${asTokens}`,
    ],
    { secondFactor: 'optional' },
  ],
  [
    'passkey',
    [
      `Allow dynamodb:ConditionCheckItem on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:DeleteItem on ${onItems('SECRET#*', 'SESSIONS#*', 'ID#passkey#*', 'THROTTLE#*', ...steps, 'CODE#signIn#*', 'SSO#*')}`,
      `Allow dynamodb:GetItem on ${onItems('ACCOUNT#*', 'SECRET#*', 'SESSIONS#*', 'ID#passkey#*', 'CODE#login#*', 'CODE#factor#*', 'CODE#flow#*', 'SSO#*')}`,
      `Allow dynamodb:PutItem on ${onItems('SECRET#*', 'SESSIONS#*', 'ID#passkey#*', 'DEVICE#*', 'CODE#login#*', 'CODE#signIn#*', 'SSO#*')}`,
      `Allow dynamodb:Query on ${onItems('SECRET#*', 'SESSIONS#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('SECRET#*', ...steps, 'CODE#signIn#*', 'SSO#*')}`,
      'Allow kms:GetPublicKey on AWS::KMS::Key',
      `Allow kms:Sign on AWS::KMS::Key ${asTokens}`,
    ],
    { secondFactor: 'optional', signInPages: 'true' },
  ],
  [
    'authorize',
    [
      `Allow dynamodb:ConditionCheckItem on ${onItems('ACCOUNT#*', 'CONSENT#*')}`,
      `Allow dynamodb:DeleteItem on ${onItems('SESSIONS#*', 'SSO#*')}`,
      `Allow dynamodb:GetItem on ${onItems('ACCOUNT#*', 'SESSIONS#*', 'CLIENT#*', 'CONSENT#*', 'SSO#*', 'CODE#flow#*')}`,
      `Allow dynamodb:PutItem on ${onItems('CODE#flow#*', 'CODE#authorize#*')}`,
      `Allow dynamodb:Query on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('ACCOUNT#*', 'CONSENT#*', 'SSO#*')}`,
    ],
    { signInPages: 'true' },
  ],
  [
    'signIn',
    [
      `Allow dynamodb:DeleteItem on ${onItems('THROTTLE#*', 'DEVICE#*', 'SSO#*', 'CODE#signIn#*')}`,
      `Allow dynamodb:GetItem on ${onItems('ACCOUNT#*', 'SECRET#*', 'SESSIONS#*', 'ID#*', 'CONSENT#*', 'SSO#*', 'CODE#flow#*', 'CODE#signIn#*')}`,
      `Allow dynamodb:PutItem on ${onItems('SSO#*', 'CODE#authorize#*', 'CODE#signIn#*', 'CODE#flow#*', 'DEVICE#*')}`,
      `Allow dynamodb:Query on ${onItems('SECRET#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('SECRET#*', 'THROTTLE#*', 'LOG', 'DEVICE#*', 'SSO#*', 'CODE#flow#*', 'CODE#signIn#*')}`,
      `Allow kms:Decrypt on AWS::KMS::Key ${forSubject}`,
    ],
    { signInPages: 'true', secondFactor: 'optional' },
  ],
  [
    'account',
    [
      `Allow dynamodb:DeleteItem on ${onItems('SESSIONS#*', 'SSO#*', 'CONSENT#*')}`,
      `Allow dynamodb:GetItem on ${onItems('ACCOUNT#*', 'SESSIONS#*', 'CLIENT#*', 'SSO#*')}`,
      `Allow dynamodb:Query on ${onItems('SESSIONS#*', 'CONSENT#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('SESSIONS#*', 'SSO#*')}`,
    ],
    { signInPages: 'true' },
  ],
  [
    'clients',
    [
      `Allow dynamodb:ConditionCheckItem on ${onItems('ACCOUNT#*')}`,
      `Allow dynamodb:DeleteItem on ${onItems(...ofClients, 'SESSIONS#*')}`,
      `Allow dynamodb:GetItem on ${onItems('CLIENT#*', 'SESSIONS#*')}`,
      `Allow dynamodb:PutItem on ${onItems(...ofClients)}`,
      `Allow dynamodb:Query on ${onItems('CLIENTS')}`,
      `Allow dynamodb:UpdateItem on ${onItems('SESSIONS#*')}`,
    ],
    { clients: JSON.stringify(['web', { client_id: 'app', redirect_uris: ['https://app.example.com/'] }]) },
  ],
  ['userinfo', [`Allow dynamodb:GetItem on ${onItems('ACCOUNT#*', 'SESSIONS#*')}`], { signInPages: 'true' }],
  [
    'token',
    [
      `Allow dynamodb:ConditionCheckItem on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:DeleteItem on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:GetItem on ${onItems('ACCOUNT#*', 'SESSIONS#*', 'CLIENT#*', 'CONSENT#*', 'SSO#*')}`,
      `Allow dynamodb:PutItem on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:Query on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('SESSIONS#*', 'CODE#authorize#*', 'SSO#*', 'THROTTLE#CLIENT#*', 'CODE#jti#*')}`,
      'Allow kms:GetPublicKey on AWS::KMS::Key',
      `Allow kms:Sign on AWS::KMS::Key ${asTokens}`,
    ],
  ],
  [
    'apiKeys',
    [
      `Allow dynamodb:ConditionCheckItem on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:DeleteItem on ${onItems('CLIENT#lk_*', 'SESSIONS#*')}`,
      `Allow dynamodb:GetItem on ${onItems('ACCOUNT#*', 'SESSIONS#*', 'KEYS#*')}`,
      // Whether there is a second factor, and nothing of it.
      `Allow dynamodb:GetItem on ${onKeysOf('SECRET#*')}`,
      `Allow dynamodb:PutItem on ${onItems('CLIENT#lk_*', 'KEYS#*', 'SESSIONS#*')}`,
      `Allow dynamodb:Query on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('KEYS#*')}`,
    ],
  ],
  [
    'revoke',
    [
      `Allow dynamodb:DeleteItem on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:GetItem on ${onItems('SESSIONS#*', 'CLIENT#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('SESSIONS#*', 'THROTTLE#CLIENT#*', 'CODE#jti#*')}`,
    ],
  ],
  [
    'sessions',
    [
      `Allow dynamodb:DeleteItem on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:Query on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('SESSIONS#*')}`,
    ],
  ],
  [
    'admin',
    [
      `Allow dynamodb:ConditionCheckItem on ${onItems(...written, ...ofClients)}`,
      `Allow dynamodb:DeleteItem on ${onItems(...written, ...ofClients, 'THROTTLE#*', 'CONSENT#*', 'KEYS#*')}`,
      `Allow dynamodb:GetItem on ${onItems('ACCOUNT#*', 'SECRET#*', 'SESSIONS#*', 'ID#*', 'CLIENT#*', 'KEYS#*')}`,
      `Allow dynamodb:PutItem on ${onItems(...written, ...ofClients)}`,
      `Allow dynamodb:Query on ${onItems('ACCOUNT#*', 'SECRET#*', 'SESSIONS#*', 'DIRECTORY#*', 'CLIENTS', 'CONSENT#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems(...written, 'CODE#recover#*', 'KEYS#*')}`,
    ],
  ],
  [
    'email',
    [
      `Allow dynamodb:ConditionCheckItem on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:DeleteItem on ${onItems('ID#*', 'DIRECTORY#*', 'CODE#email#*', 'THROTTLE#*')}`,
      `Allow dynamodb:GetItem on ${onItems('ACCOUNT#*', 'SESSIONS#*')}`,
      `Allow dynamodb:PutItem on ${onItems('ID#*', 'DIRECTORY#*')}`,
      `Allow dynamodb:Query on ${onItems('SECRET#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('ACCOUNT#*', 'CODE#email#*', 'THROTTLE#*')}`,
      'Allow lambda:InvokeFunction on AWS::Lambda::Function',
    ],
    { emailFrom: 'no-reply@example.com' },
  ],
  [
    'recover',
    [
      `Allow dynamodb:ConditionCheckItem on ${onItems('ACCOUNT#*')}`,
      `Allow dynamodb:DeleteItem on ${onItems('SESSIONS#*', 'CODE#recover#*', 'THROTTLE#*')}`,
      // The page for a new password shows whom the code is for.
      `Allow dynamodb:GetItem on ${onItems('ACCOUNT#*', 'CODE#recover#*')}`,
      `Allow dynamodb:Query on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('SECRET#*', 'SESSIONS#*', 'CODE#recover#*', 'THROTTLE#*')}`,
      'Allow lambda:InvokeFunction on AWS::Lambda::Function',
    ],
    { emailFrom: 'no-reply@example.com', signInPages: 'true' },
  ],
  [
    'register',
    [
      `Allow dynamodb:PutItem on ${onItems('ACCOUNT#*', 'SECRET#*', 'ID#*', 'DIRECTORY#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('THROTTLE#*')}`,
    ],
  ],
  [
    'register',
    [
      `Allow dynamodb:DeleteItem on ${onItems('CODE#register#*')}`,
      `Allow dynamodb:PutItem on ${onItems('ACCOUNT#*', 'SECRET#*', 'ID#*', 'DIRECTORY#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('THROTTLE#*', 'CODE#register#*')}`,
      'Allow lambda:InvokeFunction on AWS::Lambda::Function',
    ],
    { emailFrom: 'no-reply@example.com' },
  ],
  [
    'password',
    [
      `Allow dynamodb:DeleteItem on ${onItems('SESSIONS#*', 'THROTTLE#*')}`,
      `Allow dynamodb:GetItem on ${onItems('ACCOUNT#*', 'SESSIONS#*')}`,
      `Allow dynamodb:PutItem on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:Query on ${onItems('SECRET#*', 'SESSIONS#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('SECRET#*', 'SESSIONS#*', 'THROTTLE#*')}`,
      'Allow kms:GetPublicKey on AWS::KMS::Key',
      `Allow kms:Sign on AWS::KMS::Key ${asTokens}`,
    ],
  ],
  [
    'password',
    [
      `Allow dynamodb:DeleteItem on ${onItems('SESSIONS#*', 'THROTTLE#*', 'SSO#*')}`,
      `Allow dynamodb:GetItem on ${onItems('ACCOUNT#*', 'SESSIONS#*', 'SECRET#*', 'SSO#*')}`,
      `Allow dynamodb:PutItem on ${onItems('SESSIONS#*', 'SSO#*')}`,
      `Allow dynamodb:Query on ${onItems('SECRET#*', 'SESSIONS#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('SECRET#*', 'SESSIONS#*', 'THROTTLE#*', 'SSO#*')}`,
      'Allow kms:GetPublicKey on AWS::KMS::Key',
      `Allow kms:Sign on AWS::KMS::Key ${asTokens}`,
    ],
    { signInPages: 'true' },
  ],
  [
    'email',
    [
      `Allow dynamodb:ConditionCheckItem on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:DeleteItem on ${onItems('ID#*', 'DIRECTORY#*', 'CODE#email#*', 'THROTTLE#*')}`,
      `Allow dynamodb:GetItem on ${onItems('ACCOUNT#*', 'SESSIONS#*', 'SSO#*')}`,
      `Allow dynamodb:PutItem on ${onItems('ID#*', 'DIRECTORY#*')}`,
      `Allow dynamodb:Query on ${onItems('SECRET#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('ACCOUNT#*', 'CODE#email#*', 'THROTTLE#*', 'SSO#*')}`,
      'Allow lambda:InvokeFunction on AWS::Lambda::Function',
    ],
    { emailFrom: 'no-reply@example.com', signInPages: 'true' },
  ],
  ['authorizer', [`Allow dynamodb:GetItem on ${onItems('SESSIONS#*')}`], { revocation: 'immediate' }],
  [
    'migrate',
    [
      `Allow dynamodb:ConditionCheckItem on ${onItems('ID#*')}`,
      `Allow dynamodb:GetItem on ${onItems('ID#*')}`,
      `Allow dynamodb:PutItem on ${onItems('ACCOUNT#*', 'SECRET#*', 'ID#*', 'DIRECTORY#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('SECRET#*')}`,
      `Allow lambda:InvokeFunction on "${oldUsers}"`,
    ],
    { migration: oldUsers },
  ],
  // REQ-193
  ['clientMetadata', [], { signInPages: 'true', clientsByUrl: 'all' }],
  [
    'authorize',
    [
      `Allow dynamodb:ConditionCheckItem on ${onItems('ACCOUNT#*', 'CONSENT#*')}`,
      `Allow dynamodb:DeleteItem on ${onItems('SESSIONS#*', 'SSO#*')}`,
      `Allow dynamodb:GetItem on ${onItems('ACCOUNT#*', 'SESSIONS#*', 'CLIENT#*', 'CONSENT#*', 'SSO#*', 'CODE#flow#*')}`,
      `Allow dynamodb:PutItem on ${onItems('CODE#flow#*', 'CODE#authorize#*', 'CLIENT#https://*')}`,
      `Allow dynamodb:Query on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('ACCOUNT#*', 'CONSENT#*', 'SSO#*')}`,
      'Allow lambda:InvokeFunction on AWS::Lambda::Function',
    ],
    { signInPages: 'true', clientsByUrl: 'all' },
  ],
  [
    'token',
    [
      `Allow dynamodb:ConditionCheckItem on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:DeleteItem on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:GetItem on ${onItems('ACCOUNT#*', 'SESSIONS#*', 'CLIENT#*', 'CONSENT#*', 'SSO#*')}`,
      `Allow dynamodb:PutItem on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:Query on ${onItems('SESSIONS#*')}`,
      `Allow dynamodb:UpdateItem on ${onItems('SESSIONS#*', 'CODE#authorize#*', 'SSO#*', 'THROTTLE#CLIENT#*', 'CODE#jti#*')}`,
      'Allow kms:GetPublicKey on AWS::KMS::Key',
      `Allow kms:Sign on AWS::KMS::Key ${asTokens}`,
      `Allow lambda:InvokeFunction on "${tenants}"`,
    ],
    { claims: tenants, claimsAtRefresh: 'true' },
  ],
])('%s may write its log and do just this besides', async (name, permissions, settings = {}) => {
  const stack = await synthesise({ selfRegistration: name === 'register', ...settings })
  const statements = stack.statementsOf(stack.lambda(name).role)

  expect(statements.flatMap((statement) => describeStatement(stack, statement)).sort()).toEqual([
    ...permissions,
    ...logs,
  ])
})

// REQ-159
test('of all functions only the log-in may invoke the one that migrates', async () => {
  const stack = await synthesise({ migration: oldUsers, selfRegistration: true })
  const invoking = stack.ofType('AWS::Lambda::Function').flatMap(([name]) => {
    const statements = stack.statementsOf(stack.lambda(name).role)
    return statements
      .filter(({ Action }) => JSON.stringify(Action).includes('lambda:'))
      .map(({ Resource }) => [name, JSON.stringify(Resource).includes('"migrate"')])
  })

  expect(invoking.sort()).toEqual([
    ['login', true],
    ['migrate', false],
  ])
})

// REQ-193
test('only sign-in and tokens may invoke the function that fetches documents of clients', async () => {
  const stack = await synthesise({ signInPages: true, secondFactor: 'optional', clientsByUrl: 'all' })
  const invoking = stack.ofType('AWS::Lambda::Function').flatMap(([name]) => {
    const statements = stack.statementsOf(stack.lambda(name).role)
    return statements.some(({ Action }) => JSON.stringify(Action).includes('lambda:')) ? [name] : []
  })

  expect(invoking.sort()).toEqual(['authorize', 'token'])
})

// REQ-125, REQ-137
test('each function has its own role and log group, and the role writes only to that group', async () => {
  const stack = await synthesise()
  const lambdas = names.map((name) => stack.lambda(name))

  expect(new Set(lambdas.map(({ role }) => role)).size).toBe(names.length)
  expect(new Set(lambdas.map(({ logGroup }) => logGroup)).size).toBe(names.length)
  for (const { role, logGroup } of lambdas) {
    const writing = stack.statementsOf(role).filter(({ Action }) => Action.includes('logs:PutLogEvents'))
    expect(writing.map(({ Resource }) => Resource)).toEqual([{ 'Fn::GetAtt': [logGroup, 'Arn'] }])
  }
})

// REQ-14
test('a new stack has no account: what runs when it is deployed cannot write one', async () => {
  const stack = await synthesise({ stage: 'prod', selfRegistration: true })
  const custom = Object.values(stack.resources).filter(({ Properties }) => 'ServiceToken' in (Properties ?? {}))
  const statements = stack.statementsOf(stack.lambda('jwks').role)

  expect(custom.map(({ Properties }) => Properties['ServiceToken'])).toEqual([{ 'Fn::GetAtt': ['jwks', 'Arn'] }])
  expect(statements.filter(({ Action }) => JSON.stringify(Action).includes('dynamodb:'))).toEqual([])
})

// REQ-137
test('there are no other roles and policies, and no role has a managed policy', async () => {
  const { ofType } = await synthesise()
  const lambdaAlone = {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }],
    },
  }

  const roles = ofType('AWS::IAM::Role').map(([, { Properties }]) => ({ ...Properties, Tags: 'any' }))

  expect(roles).toEqual(names.map(() => ({ ...lambdaAlone, Tags: 'any' })))
  expect(ofType('AWS::IAM::Policy')).toHaveLength(names.length)
  expect(ofType('AWS::IAM::ManagedPolicy')).toEqual([])
})

// REQ-137
test('the function that adds claims is invoked by those that issue tokens of people, and by no other', async () => {
  const stack = await synthesise({ claims: tenants, secondFactor: 'optional', signInPages: 'true' })
  const mayInvoke = stack
    .ofType('AWS::Lambda::Function')
    .map(([name]) => name)
    .filter((name) => JSON.stringify(stack.statementsOf(stack.lambda(name).role)).includes(tenants))
  const knowing = stack
    .ofType('AWS::Lambda::Function')
    .filter(([, properties]) => JSON.stringify(properties).includes(tenants))
    .map(([name]) => name)

  const issuing = ['factors', 'login', 'passkey', 'password', 'token']
  expect(mayInvoke.sort()).toEqual(issuing)
  expect(knowing.sort()).toEqual(issuing)
})
