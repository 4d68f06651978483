import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { calculateJwkThumbprint } from 'jose'
import { createJwksHandler } from '../../functions/jwks/handler.ts'
import { createTestKey } from '../support/builders/signing-key.ts'

const spkiOf = (key: Parameters<typeof createPublicKey>[0]) =>
  createPublicKey(key).export({ type: 'spki', format: 'der' })

const [first, second] = [await createTestKey(), await createTestKey(3072)]
const published: Readonly<Record<string, Buffer>> = {
  'arn:first': spkiOf(first.privateKey),
  'arn:second': spkiOf(second.privateKey),
  'arn:ec': spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
}

function setUp() {
  const answers: [string, Record<string, unknown>][] = []
  const read: string[] = []
  const handler = createJwksHandler({
    readPublicKey: async (arn) => {
      read.push(arn)
      const spki = published[arn]
      if (!spki) throw new Error(`Key ${arn} does not exist`)
      return spki
    },
    respond: async (url, body) => {
      answers.push([url, JSON.parse(body)])
    },
  })
  return { handler, answers, read }
}

const event = (RequestType: string, ResourceProperties: object) => ({
  RequestType,
  ResponseURL: 'https://cloudformation.example/answer?signature=x',
  StackId: 'arn:stack',
  RequestId: 'request',
  LogicalResourceId: 'Jwks',
  ResourceType: 'Custom::Jwks',
  ResourceProperties: { ServiceToken: 'arn:function', ...ResourceProperties },
})
const identity = { PhysicalResourceId: 'jwks', StackId: 'arn:stack', RequestId: 'request', LogicalResourceId: 'Jwks' }

describe('the JWK Set of a deployment', () => {
  // REQ-117
  test.each(['Create', 'Update'])(
    'holds every accepted key by its thumbprint, and names the one that signs: %s',
    async (type) => {
      const { handler, answers } = setUp()
      await handler(event(type, { KeyArns: ['arn:first', 'arn:second'], SigningKeyArn: 'arn:second' }))

      const [[url, answer] = []] = answers
      expect(url).toBe('https://cloudformation.example/answer?signature=x')
      expect(answer).toEqual({
        ...identity,
        Status: 'SUCCESS',
        Data: { Jwks: JSON.stringify({ keys: [first.jwk, second.jwk] }), SigningKid: second.jwk.kid },
      })
      expect(second.jwk.kid).toBe(await calculateJwkThumbprint({ kty: 'RSA', n: second.jwk.n, e: second.jwk.e }))
      expect(Object.keys(first.jwk)).toEqual(['kty', 'kid', 'use', 'alg', 'n', 'e'])
    },
  )

  test('costs one reading of each key', async () => {
    const { handler, read } = setUp()
    await handler(event('Create', { KeyArns: ['arn:first', 'arn:second'], SigningKeyArn: 'arn:second' }))

    expect(read).toEqual(['arn:first', 'arn:second'])
  })

  test('goes without a trace', async () => {
    const { handler, answers } = setUp()
    await handler(event('Delete', {}))

    expect(answers.map(([, answer]) => answer)).toEqual([{ ...identity, Status: 'SUCCESS' }])
  })

  test.each([
    ['a key that does not exist', { KeyArns: ['arn:none'], SigningKeyArn: 'arn:none' }, 'Key arn:none does not exist'],
    ['a key that is not RSA', { KeyArns: ['arn:ec'], SigningKeyArn: 'arn:ec' }, 'A signing key must be RSA.'],
    [
      'a signing key that is not accepted',
      { KeyArns: ['arn:first'], SigningKeyArn: 'arn:second' },
      'must be one of KeyArns',
    ],
    ['no keys', { KeyArns: [], SigningKeyArn: 'arn:first' }, 'Invalid length'],
    ['no properties', {}, 'Invalid'],
  ])('with %s fails at once and says why', async (_, properties, reason) => {
    const { handler, answers } = setUp()
    await handler(event('Create', properties))

    expect(answers.map(([, answer]) => answer)).toEqual([
      { ...identity, Status: 'FAILED', Reason: expect.stringContaining(reason) },
    ])
  })
})
