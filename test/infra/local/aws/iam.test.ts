import { expect, test } from '@jest/globals'
import { type AccessRequest, createPolicyEvaluator, type PolicyDocument } from '../../../../infra/local/aws/iam.ts'

const table = 'arn:aws:dynamodb:eu-central-1:123456789012:table/users'
const key = 'arn:aws:kms:eu-central-1:123456789012:key/k1'

const policy = (...Statement: readonly object[]): PolicyDocument => ({ Version: '2012-10-17', Statement })
const allow = (changes: object = {}) => ({ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: table, ...changes })
const onUsers = { Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['USER#*'] } } }
const onPresentUsers = {
  Condition: { ...onUsers.Condition, Null: { 'dynamodb:LeadingKeys': 'false' } },
}
const asTokens = { Condition: { StringEquals: { 'kms:MessageType': 'DIGEST' } } }
const sign = { Action: 'kms:Sign', Resource: key }

const request = (context: AccessRequest['context'] = {}, changes: Partial<AccessRequest> = {}): AccessRequest => ({
  action: 'dynamodb:GetItem',
  resource: table,
  context,
  ...changes,
})
const onKeys = (keys: readonly string[] | 'unreadable') => request({ 'dynamodb:LeadingKeys': keys })
const signing = (context: AccessRequest['context']) => request(context, { action: 'kms:Sign', resource: key })

const allowed = 'allowed' as const
const denied = 'not allowed' as const
const refused = 'explicitly denied' as const

test.each([
  ['nothing is allowed by itself', [], request(), denied],
  ['an action on a resource', [allow()], request(), allowed],
  ['an action in other letters', [allow({ Action: 'DynamoDB:getitem' })], request(), allowed],
  ['another action', [allow({ Action: 'dynamodb:PutItem' })], request(), denied],
  ['a wildcard action', [allow({ Action: ['kms:*', 'dynamodb:Get*'] })], request(), allowed],
  ['a wildcard that ends too early', [allow({ Action: 'dynamodb:Get' })], request(), denied],
  ['a single wild character', [allow({ Action: 'dynamodb:?etItem' })], request(), allowed],
  ['a dot stands for itself', [allow({ Action: 'dynamodb.GetItem' })], request(), denied],
  ['another resource', [allow({ Resource: `${table}2` })], request(), denied],
  ['a resource in other letters', [allow({ Resource: table.toUpperCase() })], request(), denied],
  ['a wildcard resource', [allow({ Resource: 'arn:aws:dynamodb:*:*:table/*' })], request(), allowed],
  ['a denial over an allowance', [allow({ Action: '*' }), allow({ Effect: 'Deny' })], request(), refused],
  ['a denial of something else', [allow(), allow({ Effect: 'Deny', Resource: key })], request(), allowed],
  ['leading keys that all fit', [allow(onUsers)], onKeys(['USER#ada', 'USER#eve']), allowed],
  ['leading keys of which one does not fit', [allow(onUsers)], onKeys(['USER#ada', 'LOG']), denied],
  // As on AWS: what keeps a scan out is that its action is not allowed.
  ['leading keys that must be there and are', [allow(onPresentUsers)], onKeys(['USER#ada']), allowed],
  ['leading keys that must be there and are missing', [allow(onPresentUsers)], request(), denied],
  ['leading keys that must be there and cannot be read', [allow(onPresentUsers)], onKeys('unreadable'), denied],
  ['"for all values" without a value', [allow(onUsers)], request(), allowed],
  ['leading keys that cannot be read', [allow(onUsers)], onKeys('unreadable'), denied],
  [
    'a denial whose keys cannot be read',
    [allow(), allow({ Effect: 'Deny', ...onUsers })],
    onKeys('unreadable'),
    refused,
  ],
  ['a key that equals', [allow({ ...sign, ...asTokens })], signing({ 'kms:MessageType': ['DIGEST'] }), allowed],
  ['a key that differs', [allow({ ...sign, ...asTokens })], signing({ 'kms:MessageType': ['RAW'] }), denied],
  ['a key that is missing', [allow({ ...sign, ...asTokens })], signing({}), denied],
  [
    'conditions of which one is not met',
    [allow({ ...sign, Condition: { StringLike: { 'kms:MessageType': 'D*', 'kms:SigningAlgorithm': 'RSASSA_*' } } })],
    signing({ 'kms:MessageType': ['DIGEST'], 'kms:SigningAlgorithm': ['ECDSA_SHA_256'] }),
    denied,
  ],
  [
    'equality takes a star by the letter',
    [allow({ ...sign, Condition: { 'ForAllValues:StringEquals': { 'kms:MessageType': 'D*' } } })],
    signing({ 'kms:MessageType': ['DIGEST'] }),
    denied,
  ],
])('%s', (_, statements, asked, decision) => {
  expect(createPolicyEvaluator([policy(...statements)])(asked)).toBe(decision)
})

test('the statements of all policies count', () => {
  const decide = createPolicyEvaluator([policy(allow({ Action: 'kms:Sign' })), { Statement: allow() }])

  expect(decide(request())).toBe('allowed')
})

test.each([
  ['NotAction', { Effect: 'Allow', NotAction: 'kms:*', Resource: '*' }],
  ['NotResource', { Effect: 'Allow', Action: 'kms:*', NotResource: '*' }],
  ['Principal', allow({ Principal: '*' })],
  ['allow', allow({ Effect: 'allow' })],
  ['Condition.IpAddress', allow({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })],
  ['ForAnyValue:StringLike', allow({ Condition: { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': 'a' } } })],
  ['aws:PrincipalTag/team', allow({ Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } } })],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable, as IAM writes it
  ['policy variables are not understood', allow({ Resource: '${aws:username}' })],
])('%s is not understood, and the evaluator says so before it decides anything', (name, statement) => {
  expect(() => createPolicyEvaluator([policy(allow(), statement)])).toThrow(name)
})
