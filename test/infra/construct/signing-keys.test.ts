import { expect, test } from '@jest/globals'
import { type Synthesised, synthesise } from '../../support/builders/stack.ts'

const two = { generations: '2026-11 2027-05', signingGeneration: '2027-05' }
const arn = (id: string | undefined) => ({ 'Fn::GetAtt': [id, 'Arn'] })
const keyIds = (stack: Synthesised) => stack.ofType('AWS::KMS::Key').map(([id]) => id)

test('a key signs and verifies with RSA, and can be called back for a week', async () => {
  // REQ-113, REQ-119
  const { only } = await synthesise()

  expect(only('AWS::KMS::Key').Properties).toMatchObject({
    KeySpec: 'RSA_2048',
    KeyUsage: 'SIGN_VERIFY',
    PendingWindowInDays: 7,
  })
})

test("a key's own policy names no one but the account, so that the roles decide who uses it", async () => {
  const { only } = await synthesise()

  expect(only('AWS::KMS::Key').Properties['KeyPolicy']).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'kms:*',
        Principal: {
          AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']] },
        },
        Resource: '*',
      },
    ],
  })
})

test('the kind of a key belongs to its generation, so that a stronger one can take over from a weaker one', async () => {
  // REQ-118
  const stack = await synthesise({ generations: '1, 2:RSA_3072' })

  expect(stack.ofType('AWS::KMS::Key').map(([, { Properties }]) => Properties['KeySpec'])).toEqual([
    'RSA_2048',
    'RSA_3072',
  ])
  expect(keyIds(stack)).toEqual([...keyIds(await synthesise({ generations: '1' })), expect.stringContaining('key2')])
})

test('every generation is published, and one of them is named as the signing one', async () => {
  // REQ-115
  const stack = await synthesise(two)
  const [first, second] = keyIds(stack)

  expect(keyIds(stack)).toHaveLength(2)
  expect(stack.only('Custom::Jwks').Properties).toEqual({
    ServiceToken: arn('jwks'),
    ServiceTimeout: '120',
    KeyArns: [arn(first), arn(second)],
    SigningKeyArn: arn(second),
    Generations: ['2026-11', '2027-05'],
    Retire: [],
    Protect: 'false',
  })
  expect(
    (await synthesise({ ...two, stage: 'prod', retire: '2026-05' })).only('Custom::Jwks').Properties,
  ).toMatchObject({
    Retire: ['2026-05'],
    Protect: 'true',
  })
})

// REQ-113
test('those who verify get the published keys, and log-in the signing one', async () => {
  const stack = await synthesise(two)
  const { id } = stack.only('Custom::Jwks')

  expect(stack.lambda('authorizer').variables).toMatchObject({ JWKS: { 'Fn::GetAtt': [id, 'Jwks'] } })
  expect(stack.lambda('discovery').variables).toMatchObject({ JWKS: { 'Fn::GetAtt': [id, 'Jwks'] } })
  expect(stack.lambda('login').variables).toMatchObject({
    SIGNING_KEY_ID: { Ref: keyIds(stack)[1] },
    SIGNING_KID: { 'Fn::GetAtt': [id, 'SigningKid'] },
  })
})

test('log-in may sign with every accepted generation, so that no deployment leaves it without one', async () => {
  const stack = await synthesise(two)
  const statements = stack.statementsOf(stack.lambda('login').role)

  expect(statements.find(({ Action }) => Action === 'kms:Sign')?.Resource).toEqual(keyIds(stack).map(arn))
})

test('log-in is changed after those who verify, so that they know a key before it signs', async () => {
  const stack = await synthesise(two)

  expect(stack.lambda('login').dependsOn).toContain('authorizer')
})

test('a generation keeps its key whatever comes and goes beside it', async () => {
  const before = await synthesise({ generations: '2026-11' })
  const during = await synthesise(two)
  const after = await synthesise({ generations: '2027-05' })

  expect(keyIds(during)).toEqual([...keyIds(before), ...keyIds(after)])
})

test('a generation may be called anything, also what something else in the stack is called', async () => {
  const stack = await synthesise({ generations: 'jwks JwkSet Resource jwks-role' })

  expect(keyIds(stack)).toHaveLength(4)
})
