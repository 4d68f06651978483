import { expect, test } from '@jest/globals'
import { createReferences } from '../../../../infra/local/template/physical-ids.ts'

const types = {
  Table: 'AWS::DynamoDB::GlobalTable',
  Key: 'AWS::KMS::Key',
  me: 'AWS::Lambda::Function',
  Role: 'AWS::IAM::Role',
  Log: 'AWS::Logs::LogGroup',
  Api: 'AWS::ApiGatewayV2::Api',
  Jwks: 'Custom::Jwks',
  Other: 'AWS::CloudFormation::CustomResource',
}

const { ref, attribute } = createReferences({
  name: 'Latchkey',
  template: { Resources: Object.fromEntries(Object.entries(types).map(([id, Type]) => [id, { Type }])) },
  endpoint: 'http://127.0.0.1:3000',
  provided: new Map([
    ['Jwks', { Kid: 'k' }],
    ['Other', { Kid: 'o' }],
  ]),
})

test.each([
  ['AWS::AccountId', '000000000000'],
  ['AWS::Partition', 'aws'],
  ['AWS::Region', 'us-east-1'],
  [
    'AWS::StackId',
    expect.stringMatching(/^arn:aws:cloudformation:us-east-1:000000000000:stack\/Latchkey\/[0-9a-f-]{36}$/),
  ],
  ['AWS::StackName', 'Latchkey'],
  ['AWS::URLSuffix', 'amazonaws.com'],
  ['Table', 'Latchkey-Table'],
  ['Key', expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)],
  ['me', 'me'],
  ['Api', expect.stringMatching(/^[0-9a-f]{10}$/)],
  ['Nothing', undefined],
  ['AWS::NoValue', undefined],
])('%s is %s', (name, id) => {
  expect(ref(name)).toEqual(id)
})

test.each([
  ['Table', 'Arn', 'arn:aws:dynamodb:us-east-1:000000000000:table/Latchkey-Table'],
  ['Key', 'Arn', `arn:aws:kms:us-east-1:000000000000:key/${ref('Key')}`],
  ['Key', 'KeyId', ref('Key')],
  ['me', 'Arn', 'arn:aws:lambda:us-east-1:000000000000:function:me'],
  ['Role', 'Arn', 'arn:aws:iam::000000000000:role/Latchkey-Role'],
  ['Log', 'Arn', 'arn:aws:logs:us-east-1:000000000000:log-group:Latchkey-Log:*'],
  ['Api', 'ApiEndpoint', 'http://127.0.0.1:3000'],
  ['Api', 'Arn', undefined],
  ['me', 'ApiEndpoint', undefined],
  ['Jwks', 'Kid', 'k'],
  ['Other', 'Kid', 'o'],
  ['Jwks', 'Nothing', undefined],
])('%s.%s is %s', (logicalId, name, value) => {
  expect(attribute(logicalId, name)).toEqual(value)
})
