import { expect, test } from '@jest/globals'
import { createResolver } from '../../../../infra/local/template/intrinsics.ts'

const resolve = createResolver({
  ref: (name) => ({ Table: 'users', 'AWS::Region': 'us-east-1' })[name],
  attribute: (id, name) => (id === 'Table' && name === 'Arn' ? 'arn:users' : undefined),
  mapping: (...keys) => (keys.join() === 'Runtimes,us-east-1,node' ? 'nodejs24.x' : undefined),
  condition: (name) => ({ Yes: true, No: false })[name],
})

const variable = (name: string) => `$\{${name}}`

test.each([
  ['Ref', { Ref: 'Table' }, 'users'],
  ['Fn::GetAtt', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:users'],
  ['Fn::Join', { 'Fn::Join': ['/', ['a', { Ref: 'Table' }]] }, 'a/users'],
  [
    'Fn::Sub',
    { 'Fn::Sub': ['Table', 'Table.Arn', 'AWS::Region', '!Table'].map(variable).join(' ') },
    `users arn:users us-east-1 ${variable('Table')}`,
  ],
  ['Fn::GetAtt as one text', { 'Fn::GetAtt': 'Table.Arn' }, 'arn:users'],
  ['Fn::Sub with variables of its own', { 'Fn::Sub': [variable('A'), { A: { Ref: 'Table' } }] }, 'users'],
  ['Fn::FindInMap', { 'Fn::FindInMap': ['Runtimes', { Ref: 'AWS::Region' }, 'node'] }, 'nodejs24.x'],
  ['Fn::If that holds', { 'Fn::If': ['Yes', { Ref: 'Table' }, { Ref: 'Nothing' }] }, 'users'],
  ['Fn::If that does not', { 'Fn::If': ['No', { Ref: 'Nothing' }, 'b'] }, 'b'],
  ['no value', { a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] }, { b: [1] }],
  ['Fn::Equals', { 'Fn::Equals': [{ Ref: 'Table' }, 'users'] }, true],
  ['Fn::And', { 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Not': [{ Condition: 'No' }] }] }, true],
  ['Fn::Or', { 'Fn::Or': [{ Condition: 'No' }, { 'Fn::Equals': ['a', 'b'] }] }, false],
  ['what is nested', { a: [{ b: { Ref: 'Table' } }, 1, null, true] }, { a: [{ b: 'users' }, 1, null, true] }],
  ['a member of a policy that is called Condition', { Condition: { a: 'b' } }, { Condition: { a: 'b' } }],
  ['a name that only ends or begins like one', { aRef: 'b', 'a::Fn::c': 'd' }, { aRef: 'b', 'a::Fn::c': 'd' }],
  ['empty text', { 'Fn::Join': ['', []] }, ''],
])('%s is resolved', (_, value, resolved) => {
  expect(resolve(value, 'here')).toEqual(resolved)
})

test.each([
  ['an unknown one', { 'Fn::ImportValue': 'a' }, 'here: Fn::ImportValue is not understood here.'],
  ['a map that is not there', { 'Fn::FindInMap': ['a', 'b', 'c'] }, 'here: Fn::FindInMap'],
  ['a condition that is not there', { 'Fn::If': ['Nothing', 'a', 'b'] }, 'here: Fn::If'],
  ['one among other members', { Ref: 'Table', more: 1 }, 'here: Ref is not understood here.'],
  ['an unknown name', { Ref: 'Nothing' }, 'here: Ref "Nothing" is not known here.'],
  ['an unknown variable', { 'Fn::Sub': `a ${variable('Nothing')}` }, 'here: Fn::Sub'],
  ['variables that it has not', { 'Fn::Sub': [variable('A'), { B: 'b' }] }, 'here: Fn::Sub'],
  ['a list of other than text', { 'Fn::Join': ['', [1]] }, 'here: Fn::Join'],
])('%s is refused', (_, value, sentence) => {
  expect(() => resolve(value, 'here')).toThrow(sentence)
})
