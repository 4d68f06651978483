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

function setUp({ rollingBack = false } = {}) {
  const answers: [string, Record<string, unknown>][] = []
  const read: string[] = []
  const handler = createJwksHandler({
    readPublicKey: async (arn) => {
      read.push(arn)
      const spki = published[arn]
      if (arn.startsWith('arn:disabled'))
        throw Object.assign(new Error(`${arn} is disabled.`), { name: 'DisabledException' })
      if (!spki) throw new Error(`Key ${arn} does not exist`)
      return spki
    },
    isRollingBack: async () => rollingBack,
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
      const properties = { KeyArns: ['arn:first', 'arn:second'], SigningKeyArn: 'arn:second' }
      await handler({ ...event(type, properties), OldResourceProperties: properties })

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

describe('a key that somebody has disabled', () => {
  test('is left out, so that its tokens are refused', async () => {
    const { handler, answers } = setUp()
    await handler(event('Create', { KeyArns: ['arn:disabled', 'arn:first'], SigningKeyArn: 'arn:first' }))

    expect(answers[0]?.[1]).toMatchObject({
      Status: 'SUCCESS',
      Data: { Jwks: JSON.stringify({ keys: [first.jwk] }), SigningKid: first.jwk.kid },
    })
  })

  test('cannot be the one that signs', async () => {
    const { handler, answers } = setUp()
    await handler(event('Create', { KeyArns: ['arn:disabled', 'arn:first'], SigningKeyArn: 'arn:disabled' }))

    expect(answers[0]?.[1]).toMatchObject({ Status: 'FAILED', Reason: 'arn:disabled is disabled.' })
  })
})

// REQ-199
describe('an update of a stack whose keys outlive it', () => {
  const of = (generations: readonly string[], signing: string, retire: readonly string[] = []) => ({
    KeyArns: generations.map((name) => `arn:${name}`),
    SigningKeyArn: `arn:${signing}`,
    Generations: generations,
    Retire: retire,
    Protect: 'true',
  })
  const both = ['first', 'second'] as const

  async function update(before: object, after: object, rollingBack = false) {
    const { handler, answers } = setUp({ rollingBack })
    await handler({ ...event('Update', after), OldResourceProperties: before })
    return answers[0]?.[1]
  }

  test('may add a generation, and let another one sign', async () => {
    expect(await update(of(['first'], 'first'), of(both, 'first'))).toMatchObject({ Status: 'SUCCESS' })
    expect(await update(of(both, 'first'), of(both, 'second'))).toMatchObject({ Status: 'SUCCESS' })
  })

  test('may not drop the generation that signs, not even one that it names', async () => {
    const Reason =
      'Generation second signs tokens and cannot be dropped: keep it in generations and let another one sign first.'

    expect(await update(of(both, 'second'), of(['first'], 'first'))).toMatchObject({ Status: 'FAILED', Reason })
    expect(await update(of(both, 'second'), of(['first'], 'first', ['second']))).toMatchObject({
      Status: 'FAILED',
      Reason,
    })
  })

  test('may drop another generation only if it names it', async () => {
    expect(await update(of(both, 'second'), of(['second'], 'second'))).toMatchObject({
      Status: 'FAILED',
      Reason: 'This deployment would end all tokens of generation first: keep it in generations, or name it in retire.',
    })
    expect(await update(of(both, 'second'), of(['second'], 'second', ['first']))).toMatchObject({ Status: 'SUCCESS' })
  })

  // REQ-196
  describe('with a domain', () => {
    const at = (Domain?: string, Zone?: string, retire: readonly string[] = []) => ({
      ...of(['first'], 'first', retire),
      ...(Domain && { Domain }),
      ...(Zone && { Zone }),
    })
    const lost =
      'This deployment would drop the domain a.example.com, the issuer of all tokens: keep it, or name it in retire.'

    test('may get one and keep it, with or without records', async () => {
      for (const [before, after] of [
        [at(), at('a.example.com')],
        [at('a.example.com'), at('a.example.com')],
        [at('a.example.com'), at('a.example.com', 'Z1')],
        [at('a.example.com', 'Z1'), at('a.example.com', 'Z1')],
      ] as const) {
        expect(await update(before, after)).toMatchObject({ Status: 'SUCCESS' })
      }
    })

    test('may drop or change it only if it names it', async () => {
      for (const [after, retired] of [
        [at(), at(undefined, undefined, ['a.example.com'])],
        [at('b.example.com'), at('b.example.com', undefined, ['a.example.com'])],
      ] as const) {
        expect(await update(at('a.example.com'), after)).toMatchObject({ Status: 'FAILED', Reason: lost })
        expect(await update(at('a.example.com'), retired)).toMatchObject({ Status: 'SUCCESS' })
      }
    })

    test('may delete or move its records only if it names it', async () => {
      const before = at('a.example.com', 'Z1')
      const Reason =
        'This deployment would delete the DNS records of a.example.com: keep its hosted zone Z1, or name the domain in retire.'

      for (const zone of [undefined, 'Z2']) {
        expect(await update(before, at('a.example.com', zone))).toMatchObject({ Status: 'FAILED', Reason })
        expect(await update(before, at('a.example.com', zone, ['a.example.com']))).toMatchObject({ Status: 'SUCCESS' })
      }
    })

    test('may drop it while it is being undone, or where nothing outlives the stack', async () => {
      expect(await update(at('a.example.com'), at(), true)).toMatchObject({ Status: 'SUCCESS' })
      expect(await update(at('a.example.com'), { ...at(), Protect: 'false' })).toMatchObject({ Status: 'SUCCESS' })
    })
  })

  test('may drop anything while it is being undone', async () => {
    expect(await update(of(both, 'second'), of(['first'], 'first'), true)).toMatchObject({ Status: 'SUCCESS' })
  })

  test('may drop anything where keys are destroyed with their stack', async () => {
    const sandbox = { ...of(['first'], 'first'), Protect: 'false' }

    expect(await update(of(both, 'second'), sandbox)).toMatchObject({ Status: 'SUCCESS' })
  })
})
