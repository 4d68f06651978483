import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  DecryptCommand,
  type DecryptCommandInput,
  EncryptCommand,
  type EncryptCommandInput,
  GetPublicKeyCommand,
  type KMSClient,
  SignCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, test } from '@jest/globals'
import { key, newFolder, startAws, symmetricKey } from '../../../support/local-aws.ts'

const KeyId = symmetricKey.keyId
const Plaintext = Buffer.from('JBSWY3DPEHPK3PXP')
const EncryptionContext = { sub: 'ada' }

const encrypt = (kms: KMSClient, more: Partial<EncryptCommandInput> = {}) =>
  kms.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext, ...more }))

const decrypt = (kms: KMSClient, CiphertextBlob: Uint8Array | undefined, more: Partial<DecryptCommandInput> = {}) =>
  kms.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext, ...more }))

const textOf = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString()

describe('a symmetric key', () => {
  test.each<[string, Partial<EncryptCommandInput & DecryptCommandInput>]>([
    ['by its id', {}],
    ['by its ARN', { KeyId: symmetricKey.arn }],
    ['by the name of the only algorithm', { EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }],
    ['without a context', { EncryptionContext: undefined }],
    ['with a name that every object has', { EncryptionContext: { constructor: 'ada' } }],
  ])('decrypts what it encrypted %s', async (_, more) => {
    await using aws = await startAws()
    const { CiphertextBlob, $metadata: _e, ...encrypted } = await encrypt(aws.owner.kms, more)
    const { Plaintext: found, $metadata: _d, ...decrypted } = await decrypt(aws.owner.kms, CiphertextBlob, more)

    const common = { KeyId: symmetricKey.arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }
    expect([encrypted, decrypted]).toEqual([common, common])
    expect(textOf(found)).toBe('JBSWY3DPEHPK3PXP')
    expect(textOf(CiphertextBlob)).not.toContain('JBSWY3DPEHPK3PXP')
  })

  test('takes the members of a context in any order', async () => {
    await using aws = await startAws()
    const { kms } = aws.owner
    const { CiphertextBlob } = await encrypt(kms, { EncryptionContext: { sub: 'ada', app: 'shop' } })
    const found = await decrypt(kms, CiphertextBlob, { EncryptionContext: { app: 'shop', sub: 'ada' } })

    expect(textOf(found.Plaintext)).toBe('JBSWY3DPEHPK3PXP')
  })

  test('encrypts the same text differently each time', async () => {
    await using aws = await startAws()
    const texts = await Promise.all(Array.from({ length: 5 }, () => encrypt(aws.owner.kms)))

    expect(new Set(texts.map(({ CiphertextBlob }) => Buffer.from(CiphertextBlob ?? []).toString('hex'))).size).toBe(5)
  })

  test('is made once and outlives a restart; only its owner reads it', async () => {
    const data = newFolder()
    const first = await startAws([], { data })
    const [one, other] = await Promise.all([encrypt(first.owner.kms), encrypt(first.owner.kms)])
    await first[Symbol.asyncDispose]()
    await using second = await startAws([], { data })
    const found = await Promise.all([one, other].map(({ CiphertextBlob }) => decrypt(second.owner.kms, CiphertextBlob)))
    const file = join(data, 'kms/s1.jwk.json')

    expect(found.map((each) => textOf(each.Plaintext))).toEqual(['JBSWY3DPEHPK3PXP', 'JBSWY3DPEHPK3PXP'])
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ kty: 'oct', k: expect.stringMatching(/^[\w-]{43}$/) })
  })

  test('whose file is damaged stops the decryption, and the log says which file and what to do', async () => {
    const data = newFolder()
    {
      await using aws = await startAws([], { data })
      await encrypt(aws.owner.kms)
    }
    const file = join(data, 'kms/s1.jwk.json')
    writeFileSync(file, '{"kty":"oct","k":"AAAA"}')
    await using aws = await startAws([], { data })

    await expect(encrypt(aws.owner.kms)).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } })
    expect(aws.lines).toEqual([expect.stringContaining(`${file} holds no SYMMETRIC_DEFAULT key: put it back`)])
  })
})

// REQ-170
describe('a ciphertext is refused', () => {
  test.each<[string, DecryptCommandInput['EncryptionContext']]>([
    ['for another subject', { sub: 'eve' }],
    ['for a subject in other letters', { sub: 'Ada' }],
    ['under another name', { SUB: 'ada' }],
    ['with more than it was encrypted with', { sub: 'ada', app: 'shop' }],
    ['with nothing', {}],
  ])('%s', async (_, context) => {
    await using aws = await startAws()
    const { CiphertextBlob } = await encrypt(aws.owner.kms)

    await expect(decrypt(aws.owner.kms, CiphertextBlob, { EncryptionContext: context })).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    })
  })

  test('wherever one of its bits is changed, and if it ends too early', async () => {
    await using aws = await startAws()
    const whole = Buffer.from((await encrypt(aws.owner.kms)).CiphertextBlob ?? [])
    const flipped = [...whole.keys()].map((index) => whole.map((byte, at) => (at === index ? byte ^ 1 : byte)))
    const cut = [whole.subarray(0, -1), whole.subarray(0, 20), whole.subarray(0, 1)]
    const outcomes = await Promise.all(
      [...flipped, ...cut].map((blob) =>
        decrypt(aws.owner.kms, blob).then(
          () => 'decrypted',
          ({ name }) => name,
        ),
      ),
    )

    expect(new Set(outcomes)).toEqual(new Set(['InvalidCiphertextException', 'IncorrectKeyException']))
  })

  test('by another key', async () => {
    const other = { ...symmetricKey, keyId: 's2', arn: symmetricKey.arn.replace('s1', 's2') }
    await using aws = await startAws([], { keys: [symmetricKey, other] })
    const { CiphertextBlob } = await encrypt(aws.owner.kms)

    await expect(decrypt(aws.owner.kms, CiphertextBlob, { KeyId: 's2' })).rejects.toMatchObject({
      name: 'IncorrectKeyException',
    })
  })
})

describe('refused is', () => {
  test.each<[string, Partial<EncryptCommandInput>, string]>([
    ['to encrypt nothing', { Plaintext: new Uint8Array() }, 'ValidationException'],
    ['to encrypt more than 4,096 bytes', { Plaintext: new Uint8Array(4097) }, 'ValidationException'],
    ['another algorithm', { EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }, 'ValidationException'],
    ['a parameter that is not known here', { DryRun: true }, 'ValidationException'],
    ['another key', { KeyId: 's2' }, 'NotFoundException'],
    ['a key that signs', { KeyId: key.keyId }, 'InvalidKeyUsageException'],
  ])('%s', async (_, input, name) => {
    await using aws = await startAws()

    await expect(encrypt(aws.owner.kms, input)).rejects.toMatchObject({ name })
  })

  test('to decrypt without saying by which key', async () => {
    await using aws = await startAws()
    const { CiphertextBlob } = await encrypt(aws.owner.kms)
    const { kms } = aws.owner

    await expect(kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }))).rejects.toMatchObject({
      name: 'NotFoundException',
    })
  })

  test('to sign with a symmetric key, and to read its public half', async () => {
    await using aws = await startAws()
    const { kms } = aws.owner
    const sign = new SignCommand({ KeyId, Message: Plaintext, SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' })

    await expect(kms.send(sign)).rejects.toMatchObject({ name: 'InvalidKeyUsageException' })
    await expect(kms.send(new GetPublicKeyCommand({ KeyId }))).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    })
  })
})

// REQ-137
describe('a role', () => {
  const allow = (Action: string, Condition: object) => ({
    Effect: 'Allow',
    Action,
    Resource: symmetricKey.arn,
    Condition,
  })
  const exactlySub = {
    'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['sub'] },
    Null: { 'kms:EncryptionContextKeys': 'false' },
  }
  const denied = { name: 'AccessDeniedException' }

  test.each<[string, EncryptCommandInput['EncryptionContext']]>([
    ['no context', undefined],
    ['an empty context', {}],
    ['another member', { name: 'ada' }],
    ['another member beside it', { sub: 'ada', app: 'shop' }],
    ['other letters', { Sub: 'ada' }],
  ])('that must name a subject and nothing else cannot encrypt with %s', async (_, context) => {
    await using aws = await startAws([allow('kms:Encrypt', exactlySub)])

    await expect(encrypt(aws.greeter.kms, { EncryptionContext: context })).rejects.toMatchObject(denied)
    expect(await encrypt(aws.greeter.kms)).toMatchObject({ KeyId: symmetricKey.arn })
  })

  test('that may encrypt cannot decrypt, nor use another key', async () => {
    const other = { ...symmetricKey, keyId: 's2', arn: symmetricKey.arn.replace('s1', 's2') }
    await using aws = await startAws([allow('kms:Encrypt', exactlySub)], { keys: [symmetricKey, other] })
    const { CiphertextBlob } = await encrypt(aws.greeter.kms)

    await expect(decrypt(aws.greeter.kms, CiphertextBlob)).rejects.toMatchObject(denied)
    await expect(encrypt(aws.greeter.kms, { KeyId: 's2' })).rejects.toMatchObject(denied)
  })

  test('that is bound to one subject decrypts for no other', async () => {
    const onlyAda = {
      StringEquals: { 'kms:EncryptionContext:sub': 'ada' },
      Null: { 'kms:EncryptionContext:sub': 'false' },
    }
    await using aws = await startAws([allow('kms:Decrypt', onlyAda)])
    const [adas, eves] = await Promise.all(
      ['ada', 'eve'].map((sub) => encrypt(aws.owner.kms, { EncryptionContext: { sub } })),
    )

    expect(textOf((await decrypt(aws.greeter.kms, adas?.CiphertextBlob)).Plaintext)).toBe('JBSWY3DPEHPK3PXP')
    await expect(
      decrypt(aws.greeter.kms, eves?.CiphertextBlob, { EncryptionContext: { sub: 'eve' } }),
    ).rejects.toMatchObject(denied)
  })
})
