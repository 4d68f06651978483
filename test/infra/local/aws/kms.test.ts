import { createHash, createPublicKey } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GetPublicKeyCommand, SignCommand, type SignCommandInput } from '@aws-sdk/client-kms'
import { expect, test } from '@jest/globals'
import { compactVerify, importJWK } from 'jose'
import { key, newFolder, startAws } from '../../../support/local-aws.ts'

const signingInput = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.${Buffer.from('hello').toString('base64url')}`
const Message = Buffer.from(signingInput)
const digest = createHash('sha256').update(Message).digest()
const algorithm = { SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' } as const
const sign = (more: Partial<SignCommandInput>) => new SignCommand({ KeyId: 'k1', Message, ...algorithm, ...more })

const jwkOf = (data: string) => JSON.parse(readFileSync(join(data, 'kms/k1.jwk.json'), 'utf8'))

test.each([
  ['a digest', { Message: digest, MessageType: 'DIGEST' }],
  ['a message', { Message, MessageType: 'RAW' }],
  ['a message, as which it takes what is not named', { Message }],
  ['by the ARN', { Message, KeyId: key.arn }],
] as const)('%s is signed so that the key in the data folder verifies it', async (_, input) => {
  const data = newFolder()
  await using aws = await startAws([], { data })
  const { Signature, $metadata, ...answer } = await aws.owner.kms.send(sign(input))
  const { kty, n, e } = jwkOf(data)
  const token = `${signingInput}.${Buffer.from(Signature ?? []).toString('base64url')}`

  expect(answer).toEqual({ KeyId: key.arn, ...algorithm })
  const { payload } = await compactVerify(token, await importJWK({ kty, n, e }, 'RS256'))
  expect(Buffer.from(payload).toString()).toBe('hello')
})

test.each([
  ['RSA_2048', 2048],
  ['RSA_3072', 3072],
] as const)('the public half of an %s key is told as KMS tells it', async (keySpec, modulusLength) => {
  const data = newFolder()
  await using aws = await startAws([], { data, keys: [{ ...key, keySpec }] })
  const { PublicKey, $metadata, ...answer } = await aws.owner.kms.send(new GetPublicKeyCommand({ KeyId: 'k1' }))
  const publicKey = createPublicKey({ key: Buffer.from(PublicKey ?? []), type: 'spki', format: 'der' })
  const { kty, n, e } = jwkOf(data)

  expect(answer).toEqual({
    KeyId: key.arn,
    KeySpec: keySpec,
    KeyUsage: 'SIGN_VERIFY',
    SigningAlgorithms: [algorithm.SigningAlgorithm],
  })
  expect(publicKey.export({ format: 'jwk' })).toEqual({ kty, n, e })
  expect(publicKey.asymmetricKeyDetails?.modulusLength).toBe(modulusLength)
})

test('a key is made once, also when it is asked for twice at once, and outlives a restart; only its owner reads it', async () => {
  const data = newFolder()
  const ask = async (aws: Awaited<ReturnType<typeof startAws>>) =>
    (await aws.owner.kms.send(new GetPublicKeyCommand({ KeyId: 'k1' }))).PublicKey
  const first = await startAws([], { data })
  const [one, other] = await Promise.all([ask(first), ask(first)])
  await first[Symbol.asyncDispose]()
  await using second = await startAws([], { data })

  expect(other).toEqual(one)
  expect(await ask(second)).toEqual(one)
  expect(statSync(join(data, 'kms/k1.jwk.json')).mode & 0o777).toBe(0o600)
})

test.each([
  ['another key', { KeyId: 'k2' }, 'NotFoundException'],
  ['another algorithm', { SigningAlgorithm: 'RSASSA_PSS_SHA_256' }, 'InvalidKeyUsageException'],
  ['a digest of another length', { Message: digest.subarray(1), MessageType: 'DIGEST' }, 'ValidationException'],
  ['a message that is too long', { Message: Buffer.alloc(4097) }, 'ValidationException'],
  ['a parameter that is not known here', { DryRun: true }, 'ValidationException'],
] as const)('to sign with %s is refused', async (_, input, name) => {
  await using aws = await startAws()

  await expect(aws.owner.kms.send(sign(input))).rejects.toMatchObject({ name })
})

const asTokens = {
  Effect: 'Allow',
  Action: 'kms:Sign',
  Resource: key.arn,
  Condition: { StringEquals: { 'kms:SigningAlgorithm': algorithm.SigningAlgorithm, 'kms:MessageType': 'DIGEST' } },
}

// REQ-137
test('a role signs as its conditions say and not otherwise, with no other key, and reads no public key', async () => {
  await using aws = await startAws([asTokens])
  const { kms } = aws.greeter
  const denied = { name: 'AccessDeniedException' }

  expect(await kms.send(sign({ Message: digest, MessageType: 'DIGEST' }))).toMatchObject(algorithm)
  await expect(kms.send(sign({ Message, MessageType: 'RAW' }))).rejects.toMatchObject(denied)
  await expect(kms.send(sign({ KeyId: 'k2', Message: digest, MessageType: 'DIGEST' }))).rejects.toMatchObject(denied)
  await expect(kms.send(new GetPublicKeyCommand({ KeyId: 'k1' }))).rejects.toMatchObject(denied)
})

test.each([
  ['is damaged', () => '{"kty":"RSA"'],
  ['is of another size', (text: string) => JSON.stringify({ ...JSON.parse(text), keySpec: 'RSA_3072' })],
])('a key file that %s stops the signing, and the log says which file and what to do', async (name, change) => {
  const data = newFolder()
  {
    await using aws = await startAws([], { data })
    await aws.owner.kms.send(new GetPublicKeyCommand({ KeyId: 'k1' }))
  }
  const file = join(data, 'kms/k1.jwk.json')
  writeFileSync(file, change(readFileSync(file, 'utf8')))
  const keySpec = name === 'is damaged' ? 'RSA_2048' : 'RSA_3072'
  await using aws = await startAws([], { data, keys: [{ ...key, keySpec }] })

  await expect(aws.owner.kms.send(sign({}))).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } })
  expect(aws.lines).toEqual([expect.stringContaining(`${file} holds no ${keySpec} key: put it back`)])
})
